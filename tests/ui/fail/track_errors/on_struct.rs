use yardstick::track_errors;

#[track_errors]
struct Server;

fn main() {
    let _ = Server;
}
