use yardstick::track_active;

#[track_active("jobs_total")]
fn work() {}

fn main() {
    work();
}
