use yardstick::track_duration;

#[track_duration("work", buckets = exponential(1ms, 2))]
fn work() {}

fn main() {
    work();
}
