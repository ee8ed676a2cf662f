use yardstick::track_duration;

#[track_duration("work", buckets = [LOW, 1s])]
fn work() {}

fn main() {
    work();
}
