use yardstick::track_active;

#[track_active(help = "Busy.")]
fn work() {}

fn main() {
    work();
}
