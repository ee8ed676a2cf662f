use yardstick::{track_active, track_calls, track_duration, track_errors};


#[allow(non_camel_case_types)]
trait Work_timed {
    #[track_duration]
    fn timed(&self);
}

impl Work_timed for u8 {
    fn timed(&self) {}
}


#[allow(non_camel_case_types)]
trait Work_failing {
    #[track_errors]
    fn failing(&self);
}

impl Work_failing for u8 {
    fn failing(&self) {}
}


#[allow(non_camel_case_types)]
trait Work_counted {
    #[track_calls]
    fn counted(&self);
}

impl Work_counted for u8 {
    fn counted(&self) {}
}


#[allow(non_camel_case_types)]
trait Work_in_flight {
    #[track_active]
    fn in_flight(&self);
}

impl Work_in_flight for u8 {
    fn in_flight(&self) {}
}

fn main() {
    1_u8.timed();
    1_u8.failing();
    1_u8.counted();
    1_u8.in_flight();
}
