use yardstick::track;

struct Store;

#[track(skip)]
impl Store {
    fn get(&self) {}
}

fn main() {}
