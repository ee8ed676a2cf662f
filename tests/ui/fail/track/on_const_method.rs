use yardstick::track;

struct Store;

#[track]
impl Store {
    const fn new() -> Self {
        Self
    }

    fn get(&self) {}
}

fn main() {
    Store::new().get();
}
