use yardstick::track_duration;

#[track_duration("work", result_labels(a = |_| "x"))]
#[track_caller]
fn work() {}

fn main() {
    work();
}
