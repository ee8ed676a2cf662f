use yardstick::track_active;

#[track_active("busy", color = "red")]
fn work() {}

fn main() {
    work();
}
