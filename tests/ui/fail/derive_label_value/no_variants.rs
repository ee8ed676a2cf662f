use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
enum Method {}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    let _ = work;
}
