use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(labels(function = "x"))]
fn timed() {}

#[track_errors(labels(function = "x"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(labels(function = "x"))]
fn counted() {}

#[track_active(labels(function = "x"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
