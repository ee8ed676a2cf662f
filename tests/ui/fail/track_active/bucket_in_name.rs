use yardstick::track_active;

#[track_active("jobs_bucket")]
fn work() {}

fn main() {
    work();
}
