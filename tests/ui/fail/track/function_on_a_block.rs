use yardstick::track;

struct Store;

#[track(function = "Store")]
impl Store {
    fn get(&self) {}
}

#[track("store", labels(function = "store"))]
impl Clone for Store {
    fn clone(&self) -> Self {
        Store
    }
}

fn main() {
    let _ = Store.clone().get();
}
