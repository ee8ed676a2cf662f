use yardstick::track_duration;

#[track_duration("wait", labels(le = "0.5"))]
fn work() {}

fn main() {
    work();
}
