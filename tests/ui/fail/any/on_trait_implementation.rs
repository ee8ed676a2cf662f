use yardstick::{track_active, track_calls, track_duration, track_errors};

struct Server;

mod timed {
    pub trait Work {
        fn work(&self);
    }
}

mod failing {
    pub trait Work {
        fn work(&self);
    }
}

mod counted {
    pub trait Work {
        fn work(&self);
    }
}

mod in_flight {
    pub trait Work {
        fn work(&self);
    }
}

#[track_duration]
impl timed::Work for Server {
    fn work(&self) {}
}

#[track_errors]
impl failing::Work for Server {
    fn work(&self) {}
}

#[track_calls]
impl counted::Work for Server {
    fn work(&self) {}
}

#[track_active]
impl in_flight::Work for Server {
    fn work(&self) {}
}

fn main() {
    timed::Work::work(&Server);
    failing::Work::work(&Server);
    counted::Work::work(&Server);
    in_flight::Work::work(&Server);
}
