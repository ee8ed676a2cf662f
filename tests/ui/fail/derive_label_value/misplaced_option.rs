use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(rename = "x")]
enum Method {
    #[label_value(rename_all = "lowercase")]
    Get,
    #[label_value(crate = ::yardstick)]
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
