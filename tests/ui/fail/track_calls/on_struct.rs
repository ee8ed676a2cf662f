use yardstick::track_calls;

#[track_calls]
struct Server;

fn main() {
    let _ = Server;
}
