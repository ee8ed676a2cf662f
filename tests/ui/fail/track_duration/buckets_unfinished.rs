use yardstick::track_duration;

#[track_duration("work", buckets = [1ms,, 2ms])]
fn work() {}

fn main() {
    work();
}
