//! How does a library keep its metrics apart, in a registry of its own?
//!
//! `cargo run --example own_registry` prints what two registries hold.

use std::{error::Error, sync::LazyLock};

use yardstick::{Counter, Gauge, MetricSchema, RegisterError, Registry, track_calls};

static JOBS: LazyLock<Registry> = LazyLock::new(Registry::new);

/// Belongs to whoever makes a `Queue`; nothing of it is in the default registry.
#[derive(MetricSchema)]
#[metrics(namespace = "queue", unlisted)]
struct QueueMetrics {
    /// Jobs that were put in.
    jobs: Counter,
    /// Jobs that wait.
    depth: Gauge,
}

struct Queue {
    metrics: QueueMetrics,
    waiting: Vec<String>,
}

impl Queue {
    fn new(registry: &Registry) -> Result<Self, RegisterError> {
        Ok(Self { metrics: QueueMetrics::register(registry)?, waiting: Vec::new() })
    }

    fn put(&mut self, job: &str) {
        self.waiting.push(job.to_owned());
        self.metrics.jobs.inc();
        self.metrics.depth.inc();
    }

    #[track_calls("queue_work", registry = JOBS)]
    fn work(&mut self) -> Option<String> {
        let job = self.waiting.pop()?;
        self.metrics.depth.dec();
        Some(job)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut queue = Queue::new(&JOBS)?;
    queue.put("mail");
    queue.put("fax");
    assert_eq!(queue.work().as_deref(), Some("fax"));

    // The same without derives: by builder, with labels by name.
    let retries = JOBS.counter("queue_retries").help("Retries by reason.").labels(["reason"]);
    retries.register()?.get_or_create(["timeout"])?.inc_by(2);

    // One metric may be in several registries.
    let other = Registry::new();
    JOBS.share_family("queue_jobs_total", &other)?;
    assert_eq!(other.sample_value("queue_jobs_total", &[]), Some(2.0));

    assert_eq!(JOBS.sample_value("queue_depth", &[]), Some(1.0));
    print!("{}# The other registry:\n{}", JOBS.render(), other.render());
    assert!(JOBS.unregister("queue_retries_total"));
    Ok(())
}
