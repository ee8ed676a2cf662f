use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", help = "A.", help = "B.")]
fn timed() {}

#[track_errors("failing", help = "A.", help = "B.")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", help = "A.", help = "B.")]
fn counted() {}

#[track_active("in_flight", help = "A.", help = "B.")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
