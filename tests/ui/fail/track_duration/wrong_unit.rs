use yardstick::track_duration;

#[track_duration("request_latency_ms")]
fn work() {}

fn main() {
    work();
}
