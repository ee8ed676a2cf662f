use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(help = "Calls.", "timed")]
fn timed() {}

#[track_errors(help = "Calls.", "failing")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(help = "Calls.", "counted")]
fn counted() {}

#[track_active(help = "Calls.", "in_flight")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
