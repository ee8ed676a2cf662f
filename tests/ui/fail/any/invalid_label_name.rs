use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels(größe = "x"))]
fn timed() {}

#[track_errors("failing", labels(größe = "x"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", labels(größe = "x"))]
fn counted() {}

#[track_active("in_flight", labels(größe = "x"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
