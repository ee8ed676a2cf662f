use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("__timed")]
fn timed() {}

#[track_errors("__failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("__counted")]
fn counted() {}

#[track_active("__in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
