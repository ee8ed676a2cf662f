use yardstick::track_errors;

#[track_errors("errors", error_type = |error| "x")]
fn work() -> u32 {
    1
}

fn main() {
    work();
}
