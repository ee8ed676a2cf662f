use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[allow(non_camel_case_types)]
enum timed {
    A,
}

#[track_errors]
#[allow(non_camel_case_types)]
enum failing {
    A,
}

#[track_calls]
#[allow(non_camel_case_types)]
enum counted {
    A,
}

#[track_active]
#[allow(non_camel_case_types)]
enum in_flight {
    A,
}

fn main() {
    let _ = timed::A;
    let _ = failing::A;
    let _ = counted::A;
    let _ = in_flight::A;
}
