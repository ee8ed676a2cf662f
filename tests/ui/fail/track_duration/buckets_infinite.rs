use yardstick::track_duration;

#[track_duration("work", buckets = [0.1, f64::INFINITY])]
fn work() {}

fn main() {
    work();
}
