use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels(a = 1 +))]
fn timed() {}

#[track_errors("failing", labels(a = 1 +))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", labels(a = 1 +))]
fn counted() {}

#[track_active("in_flight", labels(a = 1 +))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
