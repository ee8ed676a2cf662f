use yardstick::track_active;

#[track_active(labels(function = "x"))]
fn work() {}

fn main() {
    work();
}
