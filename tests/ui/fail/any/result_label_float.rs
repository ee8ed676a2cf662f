use yardstick::{track_calls, track_duration, track_errors};

#[track_duration("timed", result_labels(ratio = |ret: &f64| *ret))]
fn timed() -> f64 {
    0.5
}

#[track_errors("failing", result_labels(ratio = |ret: &f64| *ret))]
fn failing() -> f64 {
    0.5
}

#[track_calls("counted", result_labels(ratio = |ret: &f64| *ret))]
fn counted() -> f64 {
    0.5
}

fn main() {
    timed();
    failing();
    counted();
}
