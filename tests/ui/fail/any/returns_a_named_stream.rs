use yardstick::{track_active, track_calls, track_duration, track_errors};
use futures_core::Stream;
use std::{pin::Pin, task::{Context, Poll}};

struct Items;

impl Stream for Items {
    type Item = u8;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        Poll::Ready(None)
    }
}

#[track_duration]
fn timed() -> Items {
    Items
}

#[track_errors]
fn failing() -> Items {
    Items
}

#[track_calls]
fn counted() -> Items {
    Items
}

#[track_active]
fn in_flight() -> Items {
    Items
}

fn main() {
    drop(timed());
    drop(failing());
    drop(counted());
    drop(in_flight());
}
