use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", crate = "yardstick")]
fn timed() {}

#[track_errors("failing", crate = "yardstick")]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", crate = "yardstick")]
fn counted() {}

#[track_active("in_flight", crate = "yardstick")]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
