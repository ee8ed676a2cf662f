use yardstick::track_errors;

#[track_errors]
const fn several(x: u32) -> u32 {
    x
}

fn main() {
    several(1);
}
