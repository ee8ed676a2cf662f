use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
enum Failure {
    #[error_type(transparent, rename = "io")]
    Io(std::io::Error),
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure::Io(std::io::ErrorKind::Other.into()));
}
