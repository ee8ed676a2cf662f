use yardstick::{track_active, track_calls, track_duration, track_errors};

struct Server;

#[track_duration]
#[allow(non_camel_case_types)]
trait timed {
    fn timed(&self) {}
}

impl timed for Server {}

#[track_errors]
#[allow(non_camel_case_types)]
trait failing {
    fn failing(&self) {}
}

impl failing for Server {}

#[track_calls]
#[allow(non_camel_case_types)]
trait counted {
    fn counted(&self) {}
}

impl counted for Server {}

#[track_active]
#[allow(non_camel_case_types)]
trait in_flight {
    fn in_flight(&self) {}
}

impl in_flight for Server {}

fn main() {
    Server.timed();
    Server.failing();
    Server.counted();
    Server.in_flight();
}
