use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[allow(non_camel_case_types)]
struct timed;

#[track_errors]
#[allow(non_camel_case_types)]
struct failing;

#[track_calls]
#[allow(non_camel_case_types)]
struct counted;

#[track_active]
#[allow(non_camel_case_types)]
struct in_flight;

fn main() {
    let _ = timed;
    let _ = failing;
    let _ = counted;
    let _ = in_flight;
}
