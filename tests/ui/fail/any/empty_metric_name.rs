use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("")]
fn timed() {}

#[track_errors("")]
fn failing() {}

#[track_calls("")]
fn counted() {}

#[track_active("")]
fn in_flight() {}

fn main() {
    timed();
    failing();
    counted();
    in_flight();
}
