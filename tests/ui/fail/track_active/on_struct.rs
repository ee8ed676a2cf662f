use yardstick::track_active;

#[track_active]
struct Server;

fn main() {
    let _ = Server;
}
