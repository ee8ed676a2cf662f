use yardstick::{LabelValue, track_duration};

#[derive(LabelValue)]
enum Method {
    Get,
}

#[track_duration("timed", labels(method: Method = method))]
fn timed(method: &'static str) {}

#[track_duration("generic", labels(method: M = method))]
fn generic<M: LabelValue>(method: M) {
    let _ = method;
}

fn main() {
    timed("get");
    generic(Method::Get);
}
