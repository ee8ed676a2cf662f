use yardstick::{track_calls, track_duration, track_errors};

#[track_duration("timed", result_labels(a = "x"))]
fn timed() {}

#[track_errors("failing", result_labels(a = "x"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", result_labels(a = "x"))]
fn counted() {}

fn main() {
    timed();
    let _ = failing();
    counted();
}
