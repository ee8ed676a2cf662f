use yardstick::track_errors;

struct Code(u8);

#[track_errors(error_type = |error| Code(*error))]
fn work() -> Result<(), u8> {
    Ok(())
}

fn main() {
    let _ = work();
}
