use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
enum Method {
    Get,
    Other(String),
    Named { name: String },
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
    work(Method::Other(String::new()));
    work(Method::Named { name: String::new() });
}
