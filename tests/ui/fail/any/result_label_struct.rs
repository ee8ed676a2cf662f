use yardstick::{track_calls, track_duration, track_errors};

struct UserId;

#[track_duration("timed", result_labels(user = |_| UserId))]
async fn timed() {}

#[track_errors("failing", result_labels(user = |_| UserId))]
async fn failing() -> Result<(), String> {
    Ok(())
}

#[track_calls("counted", result_labels(user = |_| UserId))]
async fn counted() {}

fn main() {
    drop(timed());
    drop(failing());
    drop(counted());
}
