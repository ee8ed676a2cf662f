use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed")]
#[track_duration("timed")]
fn timed() {}

#[track_errors("failing")]
#[track_errors("failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted")]
#[track_calls("counted")]
fn counted() {}

#[track_active("in_flight")]
#[track_active("in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
