use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[allow(non_camel_case_types)]
type timed = u8;

#[track_errors]
#[allow(non_camel_case_types)]
type failing = u8;

#[track_calls]
#[allow(non_camel_case_types)]
type counted = u8;

#[track_active]
#[allow(non_camel_case_types)]
type in_flight = u8;

fn main() {
    let _: timed = 1;
    let _: failing = 1;
    let _: counted = 1;
    let _: in_flight = 1;
}
