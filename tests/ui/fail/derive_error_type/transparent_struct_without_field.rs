use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
#[error_type(transparent)]
struct Failure;

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure);
}
