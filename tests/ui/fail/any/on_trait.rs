use yardstick::track_calls;

#[track_calls]
trait Work {
    fn work(&self) {}
}

impl Work for u8 {}

fn main() {
    1_u8.work();
}
