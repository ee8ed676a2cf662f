use yardstick::track_duration;

#[track_duration("work", buckets = [-1, 1])]
fn work() {}

fn main() {
    work();
}
