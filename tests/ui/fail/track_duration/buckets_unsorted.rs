use yardstick::track_duration;

#[track_duration("work", buckets = [0.1, 0.5, 0.25])]
fn work() {}

fn main() {
    work();
}
