use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
enum Method {
    #[label_value(rename = "_other")]
    Get,
    #[label_value(rename = "_none")]
    Put,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
    work(Method::Put);
}
