use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
mod timed {
    pub fn work() {}
}

#[track_errors]
mod failing {
    pub fn work() {}
}

#[track_calls]
mod counted {
    pub fn work() {}
}

#[track_active]
mod in_flight {
    pub fn work() {}
}

fn main() {
    timed::work();
    failing::work();
    counted::work();
    in_flight::work();
}
