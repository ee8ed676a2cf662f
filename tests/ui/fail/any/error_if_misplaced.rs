use yardstick::{track_active, track_duration};

#[track_duration("timed", error_if = |_| true)]
fn timed() {}

#[track_active("in_flight", error_if = |_| true)]
fn in_flight() {}

fn main() {
    timed();
    in_flight();
}
