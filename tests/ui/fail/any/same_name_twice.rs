use yardstick::track_calls;

#[track_calls("calls")]
#[track_calls("calls")]
fn work() {}

fn main() {
    work();
}
