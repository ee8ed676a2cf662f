use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", colour = "red")]
fn timed() {}

#[track_errors("failing", colour = "red")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", colour = "red")]
fn counted() {}

#[track_active("in_flight", colour = "red")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
