use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
enum Failure {
    #[error_type(rename = "a", rename = "b")]
    Empty,
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure::Empty);
}
