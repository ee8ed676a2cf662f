use yardstick::track;

#[track]
trait Store {
    fn get(&self);

    #[track]
    fn put(&self);

    fn len(&self) -> usize {
        0
    }
}

fn main() {}
