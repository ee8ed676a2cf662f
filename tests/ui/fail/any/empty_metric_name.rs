use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("")]
fn timed() {}

#[track_errors("")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("")]
fn counted() {}

#[track_active("")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
