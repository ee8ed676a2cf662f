use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("http-request.timed")]
fn timed() {}

#[track_errors("http-request.failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("http-request.counted")]
fn counted() {}

#[track_active("http-request.in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
