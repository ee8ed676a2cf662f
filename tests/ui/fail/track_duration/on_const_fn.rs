use yardstick::track_duration;

#[track_duration]
const fn several(x: u32) -> u32 {
    x
}

fn main() {
    several(1);
}
