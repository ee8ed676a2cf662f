use yardstick::track_calls;

#[track_calls("calls", labels(ratio = ratio))]
fn work(ratio: f64) {
    let _ = ratio;
}

fn main() {
    work(0.5);
}
