use yardstick::{track_calls, track_duration, track_errors};

#[track_duration("timed", labels(a = "x"), result_labels(a = |_| "y"))]
fn timed() {}

#[track_errors("failing", labels(a = "x"), result_labels(a = |_| "y"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", labels(a = "x"), result_labels(a = |_| "y"))]
fn counted() {}

fn main() {
    timed();
    let _ = failing();
    counted();
}
