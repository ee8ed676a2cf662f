use yardstick::track;

struct Store;

#[track]
impl Store {
    #[track_caller]
    fn get(&self) {}
}

fn main() {}
