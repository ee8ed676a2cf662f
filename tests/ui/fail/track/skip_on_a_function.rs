use yardstick::track;

#[track(skip)]
fn query() {}

fn main() {}
