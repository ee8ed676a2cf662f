use yardstick::{track_calls, track_errors};

#[track_calls("counted", result_labels(size = ret.len()))]
fn counted() -> String {
    String::new()
}

#[track_errors("failing", error_if = ret.is_empty(), error_type = name(ret))]
fn failing() -> String {
    String::new()
}

fn main() {
    counted();
    failing();
}
