use yardstick::{track, track_active, track_calls, track_duration, track_errors};

const NAME: &str = "timed";
const HELP: &str = "Help.";

#[track_duration(NAME)]
fn timed() {}

#[track_errors(NAME, labels(endpoint = "/"))]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls(concat!("a", env!("PATH")))]
fn counted() {}

#[track_active("in_flight", help = HELP)]
fn in_flight() {}

#[track(NAME)]
fn all() {}

fn main() {
    timed();
    let _ = failing();
    counted();
    in_flight();
    all();
}
