use yardstick::track_calls;

#[track_calls("calls", labels = "a")]
fn work() {}

fn main() {
    work();
}
