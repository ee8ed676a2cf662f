use yardstick::track_duration;

mod names {
    pub const TIME: &str = "time";
}

struct Shop {
    time: f64,
}

#[track_duration(names::TIME)]
fn named_by_a_constant() {}

#[track_duration(Shop::time)]
fn not_a_schema() {}

fn main() {}
