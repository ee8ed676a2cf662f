use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(crate = "yardstick")]
enum Method {
    Get,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
}
