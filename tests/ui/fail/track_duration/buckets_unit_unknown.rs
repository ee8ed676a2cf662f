use yardstick::track_duration;

#[track_duration("work", buckets = [5msec, 1s])]
fn work() {}

fn main() {
    work();
}
