use yardstick::track_duration;

#[track_duration("work", buckets = [0.1, 100ms])]
fn work() {}

fn main() {
    work();
}
