use yardstick::{Counter, LabelSet, Registry};

struct UserId;

#[derive(LabelSet)]
struct Labels {
    user: UserId,
    ratio: f64,
}

fn work(registry: &Registry, labels: &Labels) {
    let jobs: Counter<Labels> = registry.counter("jobs").label_set().register().unwrap();
    jobs.with(labels).inc();
}

fn main() {
    let _ = work;
}
