use yardstick::track_calls;

static NAME: &str = "x";

#[track_calls("calls", registry = NAME)]
fn work() {}

fn main() {
    work();
}
