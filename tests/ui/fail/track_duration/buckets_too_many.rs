use yardstick::track_duration;

#[track_duration("work", buckets = linear(1ms, 1ms, 1000))]
fn work() {}

fn main() {
    work();
}
