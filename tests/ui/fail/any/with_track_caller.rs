use yardstick::{track_calls, track_errors};

#[track_errors]
#[track_caller]
fn failing() -> u8 {
    1
}

#[track_calls]
#[track_caller]
fn counted() -> u8 {
    1
}

fn main() {
    let _ = failing();
    let _ = counted();
}
