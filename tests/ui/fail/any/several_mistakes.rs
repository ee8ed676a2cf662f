use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("work-time", lables(a = "b"), help = "A.", help = "B.", labels(a = "x", a = "y"))]
fn timed() {}

#[track_errors("work-time", lables(a = "b"), help = "A.", help = "B.", labels(a = "x", a = "y"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("work-time", lables(a = "b"), help = "A.", help = "B.", labels(a = "x", a = "y"))]
fn counted() {}

#[track_active("work-time", lables(a = "b"), help = "A.", help = "B.", labels(a = "x", a = "y"))]
fn in_flight() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
}
