use yardstick::track_calls;

#[track_calls("jobs_count_total")]
fn work() {}

fn main() {
    work();
}
