use yardstick::track;

#[track("http-query")]
fn query() {}

fn main() {}
