use yardstick::track_calls;

#[track_calls]
#[track_calls]
fn work() {}

fn main() {
    work();
}
