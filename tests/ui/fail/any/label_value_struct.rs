use yardstick::track_calls;

struct UserId;

#[track_calls("calls", labels(user = user))]
async fn work(user: UserId) {
    drop(user);
}

fn main() {
    drop(work(UserId));
}
