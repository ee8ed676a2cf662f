use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(name = "timed")]
fn timed() {}

#[track_errors(name = "failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(name = "counted")]
fn counted() {}

#[track_active(name = "in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
