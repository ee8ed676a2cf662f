use yardstick::track_active;

#[track_active("in_flight", result_labels(a = |_| "x"))]
fn in_flight() {}

fn main() {
    in_flight();
}
