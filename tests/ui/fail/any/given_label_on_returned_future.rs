use yardstick::track_calls;

#[track_calls("calls", labels(name = name))]
fn work(name: String) -> impl Future<Output = ()> {
    async move { drop(name) }
}

fn main() {
    drop(work(String::new()));
}
