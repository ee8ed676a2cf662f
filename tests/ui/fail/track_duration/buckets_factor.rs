use yardstick::track_duration;

#[track_duration("work", buckets = exponential(1ms, 1, 10))]
fn work() {}

fn main() {
    work();
}
