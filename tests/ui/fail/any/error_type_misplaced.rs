use yardstick::{track_active, track_calls, track_duration};

#[track_duration("timed", error_type = |_| "x")]
fn timed() {}

#[track_calls("counted", error_type = |_| "x")]
fn counted() {}

#[track_active("in_flight", error_type = |_| "x")]
fn in_flight() {}

fn main() {
    timed();
    counted();
    in_flight();
}
