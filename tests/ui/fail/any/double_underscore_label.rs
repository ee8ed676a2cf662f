use yardstick::track_calls;

#[track_calls("calls", labels(__name = "x"))]
fn work() {}

fn main() {
    work();
}
