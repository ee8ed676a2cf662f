use yardstick::track_calls;

#[track_calls("jobs_info")]
fn work() {}

fn main() {
    work();
}
