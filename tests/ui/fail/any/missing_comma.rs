use yardstick::track_calls;

#[track_calls("calls" help = "A.")]
fn work() {}

fn main() {
    work();
}
