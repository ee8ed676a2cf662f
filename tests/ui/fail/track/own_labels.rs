use yardstick::track;

struct Store;

#[track(labels(outcome = "a", error_type = "b", function = "c", le = "d", queue = "e", queue = "f"))]
impl Store {
    fn get(&self) {}

    fn put(&self) {}
}

fn main() {}
