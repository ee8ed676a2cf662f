use yardstick::{track_active, track_calls, track_duration, track_errors};

#[track_duration]
#[track_caller]
fn timed() -> impl Future<Output = ()> {
    async {}
}

#[track_errors]
#[track_caller]
fn failing() -> impl Future<Output = ()> {
    async {}
}

#[track_calls]
#[track_caller]
fn counted() -> impl Future<Output = ()> {
    async {}
}

#[track_active]
#[track_caller]
fn in_flight() -> impl Future<Output = ()> {
    async {}
}

fn main() {
    drop(timed());
    drop(failing());
    drop(counted());
    drop(in_flight());
}
