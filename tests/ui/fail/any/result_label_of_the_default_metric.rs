use yardstick::{track_calls, track_duration, track_errors};

#[track_duration(result_labels(module = |_| "x"))]
fn timed() {}

#[track_errors(result_labels(module = |_| "x"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(result_labels(module = |_| "x"))]
fn counted() {}

fn main() {
    timed();
    let _ = failing();
    counted();
}
