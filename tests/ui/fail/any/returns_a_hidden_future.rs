use yardstick::{track_active, track_calls, track_duration, track_errors};

type Answer = std::pin::Pin<Box<dyn Future<Output = u8>>>;

#[track_duration("timed")]
fn timed() -> Answer {
    Box::pin(async { 1 })
}

#[track_errors("failing")]
fn failing() -> Answer {
    Box::pin(async { 1 })
}

#[track_calls("counted")]
fn counted() -> Answer {
    Box::pin(async { 1 })
}

#[track_active("in_flight")]
fn in_flight() -> Answer {
    Box::pin(async { 1 })
}

fn main() {
    drop(timed());
    drop(failing());
    drop(counted());
    drop(in_flight());
}
