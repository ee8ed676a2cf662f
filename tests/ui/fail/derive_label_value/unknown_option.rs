use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
#[label_value(colour = "red")]
enum Method {
    #[label_value(transparent)]
    Get,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::Get);
}
