use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
#[error_type(transparent)]
enum Failure {
    #[error_type(rename_all = "lowercase")]
    Empty,
    Io(#[error_type(transparent)] std::io::Error),
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure::Empty);
    let _ = work(Failure::Io(std::io::ErrorKind::Other.into()));
}
