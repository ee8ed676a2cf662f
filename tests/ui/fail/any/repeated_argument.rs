use yardstick::track_calls;

#[track_calls("calls", help = "A.", help = "B.")]
fn work() {}

fn main() {
    work();
}
