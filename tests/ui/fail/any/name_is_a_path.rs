use yardstick::track_calls;

#[track_calls(Shop::calls)]
fn work() {}

fn main() {
    work();
}
