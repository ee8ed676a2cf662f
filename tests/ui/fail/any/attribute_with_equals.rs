use yardstick::{track_active, track_calls};

#[track_active]
#[track_calls = "calls"]
fn work() {}

fn main() {
    work();
}
