use yardstick::track_calls;

#[track_calls("calls", labels("a-b" = "x"))]
fn work() {}

fn main() {
    work();
}
