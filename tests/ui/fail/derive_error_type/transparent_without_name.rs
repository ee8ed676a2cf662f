use yardstick::{ErrorType, track_errors};

struct Nameless;

#[derive(ErrorType)]
enum Failure {
    #[error_type(transparent)]
    Inner(Nameless),
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure::Inner(Nameless));
}
