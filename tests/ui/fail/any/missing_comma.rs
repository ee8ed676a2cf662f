use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed" help = "A.")]
fn timed() {}

#[track_errors("failing" help = "A.")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted" help = "A.")]
fn counted() {}

#[track_active("in_flight" help = "A.")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
