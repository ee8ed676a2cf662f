use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_calls("jobs")]
#[track_errors("jobs")]
#[track_duration("jobs")]
#[track_active("jobs")]
fn work() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = work();
}
