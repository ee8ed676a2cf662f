use yardstick::{ErrorType, track_errors};

#[derive(ErrorType)]
union Failure {
    a: u8,
}

#[track_errors("failures")]
fn work(error: Failure) -> Result<(), Failure> {
    Err(error)
}

fn main() {
    let _ = work(Failure { a: 1 });
}
