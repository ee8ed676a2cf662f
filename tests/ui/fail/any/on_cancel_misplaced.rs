use yardstick::{track_active, track_calls, track_errors};

#[track_errors("failing", on_cancel = skip)]
async fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", on_cancel = skip)]
async fn counted() {}

#[track_active("in_flight", on_cancel = skip)]
async fn in_flight() {}

fn main() {
    drop(failing());
    drop(counted());
    drop(in_flight());
}
