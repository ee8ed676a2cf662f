use yardstick::{track_active, track_calls, track_duration, track_errors};

type Answer = std::future::Ready<u8>;

#[track_duration]
fn timed() -> Answer {
    std::future::ready(1)
}

#[track_errors]
fn failing() -> Answer {
    std::future::ready(1)
}

#[track_calls]
fn counted() -> Answer {
    std::future::ready(1)
}

#[track_active]
fn in_flight() -> Answer {
    std::future::ready(1)
}

fn main() {
    drop(timed());
    drop(failing());
    drop(counted());
    drop(in_flight());
}
