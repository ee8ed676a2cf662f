use yardstick::track_duration;

#[track_duration("work", error_type = |e| "x")]
fn work() {}

fn main() {
    work();
}
