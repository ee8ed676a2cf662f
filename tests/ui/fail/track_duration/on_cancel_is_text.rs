use yardstick::track_duration;

#[track_duration("work", on_cancel = "skip")]
async fn work() {}

fn main() {
    drop(work());
}
