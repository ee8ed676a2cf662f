use yardstick::{track, track as measured, track_calls as counted};

struct Store;

#[track]
impl Store {
    #[measured(skip)]
    fn len(&self) -> usize {
        0
    }

    #[counted("store_puts")]
    async fn put(&self) {}
}

fn main() {
    Store.len();
    let _ = Store.put();
}
