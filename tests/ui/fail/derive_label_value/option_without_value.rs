use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(rename_all)]
enum Method {
    #[label_value(rename =)]
    Get,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
}
