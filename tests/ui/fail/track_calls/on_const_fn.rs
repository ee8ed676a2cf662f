use yardstick::track_calls;

#[track_calls]
const fn several(x: u32) -> u32 {
    x
}

fn main() {
    several(1);
}
