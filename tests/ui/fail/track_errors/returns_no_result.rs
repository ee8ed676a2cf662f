use yardstick::{track, track_errors};

type Answer = Option<u8>;

struct Response;

#[track_errors]
fn nothing() {}

#[track_errors("missing")]
async fn optional(key: u8) -> Option<u8> {
    (key > 1).then_some(key)
}

#[track_errors]
fn several() -> (u8, Result<(), String>) {
    (1, Ok(()))
}

#[track_errors]
fn generic<T>(value: T) -> T {
    value
}

#[track_errors]
fn by_another_name() -> Answer {
    None
}

#[track_errors]
async fn of_a_type() -> Response {
    Response
}

#[track(error_type = |error| "x")]
fn all() -> u8 {
    1
}

fn main() {
    nothing();
    let _ = optional(1);
    let _ = several();
    generic(1);
    by_another_name();
    let _ = of_a_type();
    all();
}
