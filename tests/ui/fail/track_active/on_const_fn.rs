use yardstick::track_active;

#[track_active]
const fn several(x: u32) -> u32 {
    x
}

fn main() {
    several(1);
}
