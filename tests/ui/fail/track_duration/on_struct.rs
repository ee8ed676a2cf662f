use yardstick::track_duration;

#[track_duration]
struct Server;

fn main() {
    let _ = Server;
}
