use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", lables(a = "b"))]
fn timed() {}

#[track_errors("failing", lables(a = "b"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", lables(a = "b"))]
fn counted() {}

#[track_active("in_flight", lables(a = "b"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
