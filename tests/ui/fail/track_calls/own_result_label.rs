use yardstick::track_calls;

#[track_calls("work", result_labels(outcome = |_| "x"))]
fn work() {}

fn main() {
    work();
}
