use yardstick::track_calls;

#[track_calls("calls", labels(größe = "x"))]
fn work() {}

fn main() {
    work();
}
