use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
enum Method {
    HttpGet,
    #[label_value(rename = "http_get")]
    Get,
    HTTPGet,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method::HttpGet);
    work(Method::Get);
    work(Method::HTTPGet);
}
