//! The scrapes of one endpoint: how many are under way, and what is counted of them.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yardstick_model::Unit;

use crate::{Counter, RegisterError, Summary, registry::Registry};

/// What an endpoint knows of its scrapes.
#[derive(Debug)]
pub(crate) struct Scrapes {
    places: Arc<Semaphore>,
    metrics: Option<Metrics>,
}

/// The toolkit's own metrics of the endpoint.
#[derive(Debug)]
struct Metrics {
    answered: Counter,
    limited: Counter,
    duration: Summary,
    size: Summary,
}

impl Scrapes {
    /// At most `max` scrapes at once, counted in `registry`.
    pub(crate) fn new(max: usize, registry: &Registry) -> Self {
        // Somebody else may have these names; scrapes are then served and not counted, which the registry counts.
        Self { places: Arc::new(Semaphore::new(max)), metrics: Metrics::register(registry).ok() }
    }

    /// A place for a scrape; `None`, counted, if there are too many.
    pub(super) fn begin(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok();
        if let (None, Some(metrics)) = (&place, &self.metrics) {
            metrics.limited.inc();
        }
        place
    }

    /// Counts a scrape that was rendered.
    pub(super) fn rendered(&self, duration: Duration, bytes: usize) {
        if let Some(metrics) = &self.metrics {
            metrics.answered.inc();
            metrics.duration.observe_duration(duration);
            #[allow(clippy::cast_precision_loss, reason = "an exposition stays below 2^53 bytes")]
            metrics.size.observe(bytes as f64);
        }
    }
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, RegisterError> {
        let scrapes = registry
            .counter("yardstick_scrapes")
            .help("Scrapes of the endpoint, by how they ended.")
            .labels(["outcome"])
            .register()?;
        let [answered, limited] = ["answered", "limited"].map(|outcome| scrapes.with([outcome]));
        Ok(Self {
            answered: answered?,
            limited: limited?,
            duration: registry
                .summary("yardstick_scrape_duration")
                .unit(Unit::Seconds)
                .help("Time to render a scrape.")
                .register()?,
            size: registry
                .summary("yardstick_scrape_size")
                .unit(Unit::Bytes)
                .help("Size of scrapes, before they are zipped.")
                .register()?,
        })
    }
}
