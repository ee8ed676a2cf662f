use yardstick::track_calls;

#[track_calls(help = "Calls.", "calls")]
fn work() {}

fn main() {
    work();
}
