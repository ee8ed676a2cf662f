use yardstick::{track, track_duration};

struct Store;

#[track]
impl Store {
    #[track(lables(a = "b"))]
    fn get(&self) {}

    #[track_duration("wait_ms")]
    fn put(&self) {}

    #[track(on_cancel = skip)]
    fn len(&self) -> usize {
        0
    }
}

fn main() {
    Store.get();
    Store.put();
    Store.len();
}
