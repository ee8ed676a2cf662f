use yardstick::track_errors;

#[track_errors("work", error_type = |_| "x")]
fn work() -> ! {
    loop {}
}

fn main() {
    work();
}
