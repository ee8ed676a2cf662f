use yardstick::track_errors;

#[track_errors(error_type = "x")]
fn work() -> Result<(), u8> {
    Ok(())
}

fn main() {
    let _ = work();
}
