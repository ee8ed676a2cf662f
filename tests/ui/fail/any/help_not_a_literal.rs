use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", help = concat!("a", "b"))]
fn timed() {}

#[track_errors("failing", help = concat!("a", "b"))]
fn failing() {}

#[track_calls("counted", help = concat!("a", "b"))]
fn counted() {}

#[track_active("in_flight", help = concat!("a", "b"))]
fn in_flight() {}

fn main() {
    timed();
    failing();
    counted();
    in_flight();
}
