use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed_ms")]
fn timed() {}

#[track_errors("failing_ms")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted_ms")]
fn counted() {}

#[track_active("in_flight_ms")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
