use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
#[error_type(rename_all = "lowercase")]
struct Failure;

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure);
}
