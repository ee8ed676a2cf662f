use yardstick::track;

#[track]
struct Store;

fn main() {}
