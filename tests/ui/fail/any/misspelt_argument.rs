use yardstick::track_duration;

#[track_duration("work", lables(a = "b"))]
fn work() {}

fn main() {
    work();
}
