use yardstick::track_errors;

#[track_errors]
#[track_caller]
fn work() -> Result<(), ()> {
    Ok(())
}

fn main() {
    let _ = work();
}
