use yardstick::track_errors;

#[track_errors("errors", labels(error_type = "x"))]
fn work() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = work();
}
