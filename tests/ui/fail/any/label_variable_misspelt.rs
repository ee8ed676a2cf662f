use yardstick::track_calls;

#[track_calls("calls", labels(user = usr))]
fn work(user: &str) {
    let _ = user;
}

fn main() {
    work("x");
}
