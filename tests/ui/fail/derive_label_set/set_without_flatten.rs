use yardstick::{Counter, LabelSet, Registry};

#[derive(LabelSet)]
struct Inner {
    a: String,
}

#[derive(LabelSet)]
struct Labels {
    inner: Inner,
}

fn work(registry: &Registry, labels: &Labels) {
    let jobs: Counter<Labels> = registry.counter("jobs").label_set().register().unwrap();
    jobs.with(labels).inc();
}

fn main() {
    let _ = work;
}
