use yardstick::{track_calls, track_duration, track_errors};

#[track_duration("timed", result_labels(a = |_| "x"))]
fn timed() -> ! {
    loop {}
}

#[track_errors("failing", result_labels(a = |_| "x"))]
fn failing() -> ! {
    loop {}
}

#[track_calls("counted", result_labels(a = |_| "x"))]
fn counted() -> ! {
    loop {}
}

fn main() {
    timed();
    failing();
    counted();
}
