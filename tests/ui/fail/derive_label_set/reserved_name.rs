use yardstick::{Counter, LabelSet, Registry};

#[derive(LabelSet)]
struct Labels {
    le: String,
    #[label(rename = "__name__")]
    name: String,
}

fn work(registry: &Registry, labels: &Labels) {
    let jobs: Counter<Labels> = registry.counter("jobs").label_set().register().unwrap();
    jobs.with(labels).inc();
}

fn main() {
    let _ = work;
}
