use yardstick::{track_calls, track_duration};
use futures_core::Stream;

#[track_duration("timed", result_labels(a = |_| "x"))]
fn timed() -> impl Stream<Item = u8> {
    futures_util::stream::empty()
}

#[track_calls("counted", result_labels(a = |_| "x"))]
fn counted() -> impl Stream<Item = u8> {
    futures_util::stream::empty()
}

fn main() {
    drop(timed());
    drop(counted());
}
