use yardstick::track_calls;

#[track_calls(name = "calls")]
fn work() {}

fn main() {
    work();
}
