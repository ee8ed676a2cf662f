use yardstick::track_calls;

#[track_calls("calls", help = concat!("a", "b"))]
fn work() {}

fn main() {
    work();
}
