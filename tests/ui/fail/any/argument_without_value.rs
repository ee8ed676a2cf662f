use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", help)]
fn timed() {}

#[track_errors("failing", help)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", help)]
fn counted() {}

#[track_active("in_flight", help)]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
