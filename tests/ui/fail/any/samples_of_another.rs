use yardstick::{track_active, track_duration};

#[track_duration("job")]
#[track_active("job_seconds_count")]
fn work() {}

fn main() {
    work();
}
