use yardstick::track_calls;

trait Work {
    #[track_calls]
    fn work(&self);
}

impl Work for u8 {
    fn work(&self) {}
}

fn main() {
    1_u8.work();
}
