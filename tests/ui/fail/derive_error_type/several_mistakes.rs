use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
#[error_type(rename_all = "snake")]
enum Failure {
    #[error_type(transparent)]
    Empty,
    #[error_type(rename = "")]
    Full,
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure::Empty);
    let _ = work(Failure::Full);
}
