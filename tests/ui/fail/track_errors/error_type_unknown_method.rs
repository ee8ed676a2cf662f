use yardstick::track_errors;

#[track_errors(error_type = |error| error.kind())]
async fn work() -> Result<(), u8> {
    Ok(())
}

fn main() {
    drop(work());
}
