use yardstick::track_duration;

#[track_duration("work", buckets = [])]
fn work() {}

fn main() {
    work();
}
