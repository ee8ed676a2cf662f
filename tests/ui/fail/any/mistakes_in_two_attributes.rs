use yardstick::{track_calls, track_duration};

#[track_duration("work_ms")]
#[track_calls(colour = "red")]
fn work() {}

fn main() {
    work();
}
