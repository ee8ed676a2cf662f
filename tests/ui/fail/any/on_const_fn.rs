use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
const fn timed() -> u8 {
    1
}

#[track_errors]
const fn failing() -> u8 {
    1
}

#[track_calls]
const fn counted() -> u8 {
    1
}

#[track_active]
const fn in_flight() -> u8 {
    1
}

fn main() {
    let _: [u8; timed() as usize];
    let _: [u8; failing() as usize];
    let _: [u8; counted() as usize];
    let _: [u8; in_flight() as usize];
}
