use yardstick::{LabelValue, track_calls};

#[derive(LabelValue)]
union Method {
    a: u8,
}

#[track_calls("calls", labels(method = method))]
fn work(method: Method) {
    drop(method);
}

fn main() {
    work(Method { a: 1 });
}
