use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", help = format!("a"))]
fn timed() {}

#[track_errors("failing", help = format!("a"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", help = format!("a"))]
fn counted() {}

#[track_active("in_flight", help = format!("a"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
