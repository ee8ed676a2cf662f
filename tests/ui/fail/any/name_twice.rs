use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", "timed")]
fn timed() {}

#[track_errors("failing", "failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", "counted")]
fn counted() {}

#[track_active("in_flight", "in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
