use yardstick::track_duration;

#[track_duration("work", result_labels(le = |_| "x"))]
fn work() {}

fn main() {
    work();
}
