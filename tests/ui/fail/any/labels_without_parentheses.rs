use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels = "a")]
fn timed() {}

#[track_errors("failing", labels = "a")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", labels = "a")]
fn counted() {}

#[track_active("in_flight", labels = "a")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
