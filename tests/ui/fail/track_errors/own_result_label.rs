use yardstick::track_errors;

#[track_errors("work", result_labels(error_type = |_| "x"))]
fn work() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = work();
}
