use yardstick::{track_active, track_calls, track_duration, track_errors};

struct Server;

#[track_duration]
impl Server {
    fn timed(&self) {}
}

#[track_errors]
impl Server {
    fn failing(&self) {}
}

#[track_calls]
impl Server {
    fn counted(&self) {}
}

#[track_active]
impl Server {
    fn in_flight(&self) {}
}

fn main() {
    Server.timed();
    Server.failing();
    Server.counted();
    Server.in_flight();
}
