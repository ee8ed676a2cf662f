use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(rename_all = "Train-Case", colour = "red")]
enum Method {
    #[label_value(rename = "")]
    Get,
    Other(String),
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
    work(Method::Other(String::new()));
}
