use yardstick::track_calls;

#[track_calls("calls", result_labels(size = |ret| 1))]
fn work() {}

fn main() {
    work();
}
