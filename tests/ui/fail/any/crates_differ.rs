use yardstick::{track_active, track_calls};

#[track_calls(crate = ::yardstick)]
#[track_active(crate = ::other)]
fn work() {}

fn main() {
    work();
}
