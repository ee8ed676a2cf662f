use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration("timed", labels(user = usr))]
fn timed(user: &str) {
    let _ = user;
}

#[track_errors("failing", labels(user = usr))]
fn failing(user: &str) -> Result<(), String> {
    let _ = user;
    Ok(())
}

#[track_calls("counted", labels(user = usr))]
fn counted(user: &str) {
    let _ = user;
}

#[track_active("in_flight", labels(user = usr))]
fn in_flight(user: &str) {
    let _ = user;
}

fn main() {
    timed("x");
    let _ = failing("x");
    counted("x");
    in_flight("x");
}
