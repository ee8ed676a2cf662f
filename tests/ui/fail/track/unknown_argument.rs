use yardstick::track;

#[track(lables(a = "b"))]
fn query() {}

struct Store;

#[track(skp)]
impl Store {
    fn get(&self) {}

    fn put(&self) {}
}

fn main() {}
