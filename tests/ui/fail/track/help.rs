use yardstick::track;

#[track("query", help = "Queries.")]
fn query() {}

fn main() {}
