use yardstick::track_errors;

#[track_errors("errors", labels(error_type = "x"))]
fn work() {}

fn main() {
    work();
}
