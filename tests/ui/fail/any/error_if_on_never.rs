use yardstick::{track_calls, track_errors};

#[track_errors("failing", error_if = |_| true)]
fn failing() -> ! {
    loop {}
}

#[track_calls("counted", error_if = |_| true)]
fn counted() -> ! {
    loop {}
}

fn main() {
    failing();
    counted();
}
