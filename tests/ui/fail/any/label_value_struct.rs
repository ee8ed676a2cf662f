use yardstick::{track_active, track_calls, track_duration, track_errors};

struct UserId;

#[track_duration("timed", labels(user = user))]
async fn timed(user: UserId) {
    drop(user);
}

#[track_errors("failing", labels(user = user))]
async fn failing(user: UserId) -> Result<(), String> {
    drop(user);
    Ok(())
}

#[track_calls("counted", labels(user = user))]
async fn counted(user: UserId) {
    drop(user);
}

#[track_active("in_flight", labels(user = user))]
async fn in_flight(user: UserId) {
    drop(user);
}

fn main() {
    drop(timed(UserId));
    drop(failing(UserId));
    drop(counted(UserId));
    drop(in_flight(UserId));
}
