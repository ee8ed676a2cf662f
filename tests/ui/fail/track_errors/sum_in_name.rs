use yardstick::track_errors;

#[track_errors("errors_sum")]
fn work() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = work();
}
