use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
struct Method {
    name: String,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method { name: String::new() });
}
