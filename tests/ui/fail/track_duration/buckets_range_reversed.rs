use yardstick::track_duration;

#[track_duration("work", buckets = 10s..5ms)]
fn work() {}

fn main() {
    work();
}
