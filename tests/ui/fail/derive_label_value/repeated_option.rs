use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(rename_all = "lowercase", rename_all = "UPPERCASE")]
enum Method {
    #[label_value(rename = "x")]
    #[label_value(rename = "y")]
    Get,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
}
