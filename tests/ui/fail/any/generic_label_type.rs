use yardstick::{LabelValue, track_calls};

#[track_calls("counted", labels(size: T = *size))]
fn counted<T: LabelValue + Copy>(size: &T) {
    let _ = size;
}

#[track_calls("optional", labels(size: Option<T> = Some(*size)))]
fn optional<T: LabelValue + Copy>(size: &T) {
    let _ = size;
}

fn main() {
    counted(&true);
    optional(&true);
}
