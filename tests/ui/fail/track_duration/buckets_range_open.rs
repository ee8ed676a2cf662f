use yardstick::track_duration;

#[track_duration("work", buckets = 5ms..)]
fn work() {}

fn main() {
    work();
}
