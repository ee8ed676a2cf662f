use yardstick::track_duration;

#[track_duration("http-request.duration")]
fn work() {}

fn main() {
    work();
}
