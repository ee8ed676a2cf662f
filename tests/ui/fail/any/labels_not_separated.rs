use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels(a = "x" b = "y"))]
fn timed() {}

#[track_errors("failing", labels(a = "x" b = "y"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", labels(a = "x" b = "y"))]
fn counted() {}

#[track_active("in_flight", labels(a = "x" b = "y"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
