use yardstick::{track_active, track_calls, track_duration, track_errors};

static NAME: &str = "x";

#[track_duration("timed", registry = NAME)]
fn timed() {}

#[track_errors("failing", registry = NAME)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", registry = NAME)]
fn counted() {}

#[track_active("in_flight", registry = NAME)]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
