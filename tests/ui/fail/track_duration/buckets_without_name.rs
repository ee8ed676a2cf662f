use yardstick::track_duration;

#[track_duration(buckets = 5ms..10s)]
fn work() {}

fn main() {
    work();
}
