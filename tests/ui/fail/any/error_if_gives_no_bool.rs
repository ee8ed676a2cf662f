use yardstick::{track_calls, track_errors};

#[track_errors("failing", error_if = |ret| *ret)]
fn failing() -> u8 {
    1
}

#[track_calls("counted", error_if = |ret| *ret)]
fn counted() -> u8 {
    1
}

fn main() {
    let _ = failing();
    let _ = counted();
}
