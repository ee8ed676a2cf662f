//! The scrapes of one endpoint: how many are under way, what they share, and what is counted of them.
//!
//! Invariant: an exposition is gathered after every request that it answers has arrived. Scrapes that arrive before one
//! is begun share it; one that arrives later begins the next. So sharing changes what scrapes cost and never what they
//! say.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hyper::body::Bytes;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use yardstick_model::Unit;

use super::negotiate::Format;
use crate::{Counter, RegisterError, Summary, registry::Registry};

/// What an endpoint knows of its scrapes.
#[derive(Debug)]
pub(crate) struct Scrapes {
    registry: Registry,
    places: Arc<Semaphore>,
    waiting: Mutex<[Option<Arc<Batch>>; Wanted::COUNT]>,
    metrics: Option<Arc<Metrics>>,
}

/// What a scrape asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) format: Format,
    pub(super) is_zipped: bool,
}

impl Wanted {
    const COUNT: usize = 6;

    const fn index(self) -> usize {
        self.format as usize * 2 + self.is_zipped as usize
    }
}

/// Scrapes that ask for the same thing and are answered by one exposition.
type Batch = OnceCell<Bytes>;

/// The toolkit's own metrics of the endpoint.
#[derive(Debug)]
struct Metrics {
    answered: Counter,
    limited: Counter,
    aborted: Counter,
    duration: Summary,
    size: Summary,
}

/// A scrape under way. It is counted as `answered` when [`end`](Self::end) says so, else as `aborted`.
#[derive(Debug)]
pub(crate) struct Scrape {
    _place: OwnedSemaphorePermit,
    metrics: Option<Arc<Metrics>>,
}

impl Scrape {
    /// The client took all of its answer, or as much as it had asked for.
    pub(super) fn end(mut self) {
        if let Some(metrics) = self.metrics.take() {
            metrics.answered.inc();
        }
    }
}

impl Drop for Scrape {
    fn drop(&mut self) {
        if let Some(metrics) = &self.metrics {
            metrics.aborted.inc();
        }
    }
}

impl Scrapes {
    /// At most `max` scrapes of `registry` at once, counted there.
    pub(crate) fn new(max: usize, registry: &Registry) -> Self {
        // Somebody else may have these names; scrapes are then served and not counted, which the registry counts.
        Self {
            registry: registry.clone(),
            places: Arc::new(Semaphore::new(max)),
            waiting: Mutex::default(),
            metrics: Metrics::register(registry).ok().map(Arc::new),
        }
    }

    /// What is scraped.
    pub(super) const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Begins a scrape; `None`, counted, if there are too many.
    pub(super) fn begin(&self) -> Option<Scrape> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            if let Some(metrics) = &self.metrics {
                metrics.limited.inc();
            }
            return None;
        };
        Some(Scrape { _place: place, metrics: self.metrics.clone() })
    }

    /// What `render` answers, together with the scrapes that ask for the same at this moment; `render` also tells how
    /// large it was before it was zipped.
    pub(super) async fn share(&self, wanted: Wanted, render: impl Fn() -> (Bytes, usize)) -> Bytes {
        let batch = Arc::clone(self.waiting()[wanted.index()].get_or_insert_with(Arc::default));
        // Requests that have arrived too, and whose tasks are ready, get to the line above.
        tokio::task::yield_now().await;
        let exposition = batch.get_or_init(async || {
            // Whoever comes from here on begins the next one.
            self.waiting()[wanted.index()].take_if(|waiting| Arc::ptr_eq(waiting, &batch));
            let start = Instant::now();
            let (exposition, bytes) = render();
            self.rendered(start.elapsed(), bytes);
            exposition
        });
        exposition.await.clone()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, [Option<Arc<Batch>>; Wanted::COUNT]> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rendered(&self, duration: Duration, bytes: usize) {
        if let Some(metrics) = &self.metrics {
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
        let [answered, limited, aborted] =
            ["answered", "limited", "aborted"].map(|outcome| scrapes.with([outcome]));
        Ok(Self {
            answered: answered?,
            limited: limited?,
            aborted: aborted?,
            duration: registry
                .summary("yardstick_scrape_duration")
                .unit(Unit::Seconds)
                .help("Time to render an exposition, which overlapping scrapes share.")
                .register()?,
            size: registry
                .summary("yardstick_scrape_size")
                .unit(Unit::Bytes)
                .help("Size of expositions, before they are zipped.")
                .register()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const TEXT: Wanted = Wanted { format: Format::Text, is_zipped: false };
    const OPENMETRICS: Wanted = Wanted { format: Format::OpenMetrics, is_zipped: false };

    #[tokio::test]
    async fn scrapes_at_once_share_one_exposition() {
        let scrapes = Scrapes::new(1, &Registry::new());
        let rendered = Cell::new(0_u8);
        let render = || {
            rendered.set(rendered.get() + 1);
            (Bytes::from(vec![rendered.get()]), 1)
        };
        let (first, second, other) = tokio::join!(
            scrapes.share(TEXT, render),
            scrapes.share(TEXT, render),
            scrapes.share(OPENMETRICS, render),
        );
        assert_eq!((&*first, &*second, &*other), (&[1][..], &[1][..], &[2][..]));
        // What comes later is not answered with something old.
        assert_eq!(&*scrapes.share(TEXT, render).await, &[3]);

        // One that goes away while it waits takes nothing with it.
        let mut gone = Box::pin(scrapes.share(TEXT, render));
        assert!(futures_now(gone.as_mut()).is_none());
        let left = scrapes.share(TEXT, render);
        drop(gone);
        assert_eq!(&*left.await, &[4]);
    }

    /// Polls once.
    fn futures_now<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        }
    }
}
