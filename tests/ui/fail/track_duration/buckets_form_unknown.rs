use yardstick::track_duration;

#[track_duration("work", buckets = geometric(1ms, 2, 10))]
fn work() {}

fn main() {
    work();
}
