use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration(name = "timed")]
fn timed() {}

#[track_errors(name = "failing")]
fn failing() {}

#[track_calls(name = "counted")]
fn counted() {}

#[track_active(name = "in_flight")]
fn in_flight() {}

fn main() {
    timed();
    failing();
    counted();
    in_flight();
}
