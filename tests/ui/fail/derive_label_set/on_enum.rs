use yardstick::{Counter, LabelSet, Registry};

#[derive(LabelSet)]
enum Labels {
    A,
}

fn work(registry: &Registry, labels: &Labels) {
    let jobs: Counter<Labels> = registry.counter("jobs").label_set().register().unwrap();
    jobs.with(labels).inc();
}

fn main() {
    let _ = work;
}
