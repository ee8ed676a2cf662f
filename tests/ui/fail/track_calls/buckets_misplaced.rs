use yardstick::track_calls;

#[track_calls("calls", buckets = 5ms..10s)]
fn work() {}

fn main() {
    work();
}
