use yardstick::{track_calls, track_errors};

#[track_errors("failing", error_if = true)]
fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", error_if = true)]
fn counted() {}

fn main() {
    let _ = failing();
    counted();
}
