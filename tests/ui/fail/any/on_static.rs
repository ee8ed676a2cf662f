use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[allow(non_upper_case_globals)]
static timed: u8 = 1;

#[track_errors]
#[allow(non_upper_case_globals)]
static failing: u8 = 1;

#[track_calls]
#[allow(non_upper_case_globals)]
static counted: u8 = 1;

#[track_active]
#[allow(non_upper_case_globals)]
static in_flight: u8 = 1;

fn main() {
    let _ = timed;
    let _ = failing;
    let _ = counted;
    let _ = in_flight;
}
