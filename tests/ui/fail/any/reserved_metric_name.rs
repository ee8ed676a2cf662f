use yardstick::track_calls;

#[track_calls("__calls")]
fn work() {}

fn main() {
    work();
}
