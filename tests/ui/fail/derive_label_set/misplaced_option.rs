use yardstick::{Counter, LabelSet, Registry};

#[derive(LabelSet)]
#[label_set(rename = "x")]
struct Labels {
    #[label(crate = ::yardstick)]
    a: String,
}

fn work(registry: &Registry, labels: &Labels) {
    let jobs: Counter<Labels> = registry.counter("jobs").label_set().register().unwrap();
    jobs.with(labels).inc();
}

fn main() {
    let _ = work;
}
