use yardstick::track_calls;

#[track_calls("a-b", colour = "red")]
struct Server;

fn main() {
    let _ = Server;
}
