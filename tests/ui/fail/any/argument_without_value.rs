use yardstick::track_calls;

#[track_calls("calls", help)]
fn work() {}

fn main() {
    work();
}
