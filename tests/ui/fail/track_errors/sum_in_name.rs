use yardstick::track_errors;

#[track_errors("errors_sum")]
fn work() {}

fn main() {
    work();
}
