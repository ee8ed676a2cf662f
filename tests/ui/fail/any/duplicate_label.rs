use yardstick::track_calls;

#[track_calls("calls", labels(a = "x", b = "y", a = "z"))]
fn work() {}

fn main() {
    work();
}
