use yardstick::track_errors;
use futures_core::Stream;

#[track_errors]
fn work() -> impl Stream<Item = u8> {
    futures_util::stream::empty()
}

fn main() {
    drop(work());
}
