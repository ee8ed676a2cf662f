use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(help = "Busy.")]
fn timed() {}

#[track_errors(help = "Busy.")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(help = "Busy.")]
fn counted() {}

#[track_active(help = "Busy.")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
