use yardstick::track_calls;

#[track_calls("calls", "calls")]
fn work() {}

fn main() {
    work();
}
