#![deny(unused_must_use)]

use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[must_use]
async fn timed() -> u8 {
    1
}

#[track_errors]
#[must_use]
async fn failing() -> u8 {
    1
}

#[track_calls]
#[must_use]
async fn counted() -> u8 {
    1
}

#[track_active]
#[must_use]
async fn in_flight() -> u8 {
    1
}

async fn calls() {
    timed().await;
    failing().await;
    counted().await;
    in_flight().await;
}

fn main() {
    drop(calls());
}
