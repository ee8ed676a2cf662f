use yardstick::{track_active, track_calls, track_errors};

#[track_errors("failing", buckets = [1, 2])]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", buckets = [1, 2])]
fn counted() {}

#[track_active("in_flight", buckets = [1, 2])]
fn in_flight() {}

fn main() {
    let _ = failing();
    counted();
    in_flight();
}
