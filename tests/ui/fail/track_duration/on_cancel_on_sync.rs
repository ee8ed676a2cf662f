use yardstick::track_duration;

#[track_duration("work", on_cancel = skip)]
fn work() {}

fn main() {
    work();
}
