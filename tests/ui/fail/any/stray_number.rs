use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", 5)]
fn timed() {}

#[track_errors("failing", 5)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", 5)]
fn counted() {}

#[track_active("in_flight", 5)]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
