use yardstick::track_duration;

#[track_duration("work", on_cancel = ignore)]
async fn work() {}

fn main() {
    drop(work());
}
