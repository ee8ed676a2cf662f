use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(Shop::timed)]
fn timed() {}

#[track_errors(Shop::failing)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(Shop::counted)]
fn counted() {}

#[track_active(Shop::in_flight)]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
