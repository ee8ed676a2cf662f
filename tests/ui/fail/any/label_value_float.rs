use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels(ratio = ratio))]
fn timed(ratio: f64) {
    let _ = ratio;
}

#[track_errors("failing", labels(ratio = ratio))]
fn failing(ratio: f64) -> Result<(), String> {
    let _ = ratio;
    Ok(())
}

#[track_calls("counted", labels(ratio = ratio))]
fn counted(ratio: f64) {
    let _ = ratio;
}

#[track_active("in_flight", labels(ratio = ratio))]
fn in_flight(ratio: f64) {
    let _ = ratio;
}

fn main() {
    timed(0.5);
    let _ = failing(0.5);
    counted(0.5);
    in_flight(0.5);
}
