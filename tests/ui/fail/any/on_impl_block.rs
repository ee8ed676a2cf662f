use yardstick::track_calls;

struct Server;

#[track_calls]
impl Server {
    fn work(&self) {}
}

fn main() {
    Server.work();
}
