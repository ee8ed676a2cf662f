use yardstick::track_calls;

#[track_calls("calls", labels(outcome = "x"))]
fn work() {}

fn main() {
    work();
}
