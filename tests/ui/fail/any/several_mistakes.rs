use yardstick::track_duration;

#[track_duration("work-time", lables(a = "b"), help = "A.", help = "B.", buckets = [2, 1])]
fn work() {}

fn main() {
    work();
}
