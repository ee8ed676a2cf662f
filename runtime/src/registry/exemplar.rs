//! The exemplars of one series, and the spans that may give some.
//!
//! Invariants: a series keeps the latest exemplar of each of its buckets and no more. Recording never waits: an exemplar
//! that meets another one on its way in is dropped, because one is as good as the other.

use std::sync::PoisonError;
#[cfg(feature = "exemplars")]
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    base::lock::{Mutex, OnceLock},
    data::Exemplar,
};

/// The exemplars of a series, one for each bucket; made when the first one comes.
#[derive(Debug, Default)]
pub(crate) struct Exemplars(OnceLock<Box<Mutex<Vec<Option<Exemplar>>>>>);

impl Exemplars {
    /// Keeps an exemplar in place of the one in this bucket.
    pub(crate) fn keep(&self, bucket: usize, exemplar: Exemplar) {
        let kept = self.0.get_or_init(Box::default);
        if let Some(mut kept) = kept.try_lock() {
            if kept.len() <= bucket {
                kept.resize(bucket + 1, None);
            }
            kept[bucket] = Some(exemplar);
        }
    }

    /// Keeps what `make` answers with, unless this bucket has one that is younger than `age_min`.
    #[cfg(feature = "exemplars")]
    pub(crate) fn keep_seldom(
        &self,
        bucket: usize,
        age_min: std::time::Duration,
        make: impl FnOnce() -> Option<Exemplar>,
    ) {
        let kept = self.0.get_or_init(Box::default);
        let Some(kept) = kept.try_lock() else { return };
        let is_young = |known: &Exemplar| {
            let age = known.timestamp.and_then(|known| known.elapsed().ok());
            age.is_some_and(|age| age < age_min)
        };
        let is_due = !kept.get(bucket).and_then(Option::as_ref).is_some_and(is_young);
        drop(kept);
        if is_due {
            make().into_iter().for_each(|exemplar| self.keep(bucket, exemplar));
        }
    }

    /// What is kept, by bucket.
    pub(crate) fn get(&self) -> Vec<Exemplar> {
        let Some(kept) = self.0.get() else { return Vec::new() };
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().flatten().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        if let Some(kept) = self.0.get() {
            kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

/// What makes the exemplar of a value.
#[cfg(feature = "exemplars")]
pub(crate) type Make<'m> = dyn Fn(f64) -> Option<Exemplar> + 'm;

/// What calls its argument with the maker of exemplars of the span that the thread is in, if it is in one.
#[cfg(feature = "exemplars")]
pub(crate) type InSpan = fn(&mut dyn FnMut(&Make<'_>));

/// Set once a part of the program asks for exemplars of spans.
#[cfg(feature = "exemplars")]
static IN_SPAN: OnceLock<InSpan> = OnceLock::new();

/// Whether it is set: one load for each record.
#[cfg(feature = "exemplars")]
static FOLLOWS_SPANS: AtomicBool = AtomicBool::new(false);

/// How long an exemplar of a span is kept at least. Scrapes are seconds apart, so more of them would not be read.
#[cfg(feature = "exemplars")]
const AGE_MIN: std::time::Duration = std::time::Duration::from_secs(1);

/// Has exemplars kept of the spans that threads are in.
#[cfg(feature = "exemplars")]
pub(crate) fn follow_spans(in_span: InSpan) {
    let _ = IN_SPAN.set(in_span);
    FOLLOWS_SPANS.store(true, Ordering::Relaxed);
}

/// Whether spans may have to be noted.
#[inline(always)]
#[allow(clippy::missing_const_for_fn, reason = "with the feature, it is none")]
pub(crate) fn follows_spans() -> bool {
    #[cfg(feature = "exemplars")]
    return FOLLOWS_SPANS.load(Ordering::Relaxed);
    #[cfg(not(feature = "exemplars"))]
    false
}

/// Keeps the span that the thread is in as the exemplar of what `observed` answers with: a bucket and a value.
#[inline(always)]
pub(crate) fn offer<'s>(
    exemplars: impl FnOnce() -> &'s Exemplars,
    observed: impl FnOnce() -> (usize, f64),
) {
    if follows_spans() {
        offer_span(exemplars, observed);
    }
}

#[cfg(not(feature = "exemplars"))]
fn offer_span<'s>(_: impl FnOnce() -> &'s Exemplars, _: impl FnOnce() -> (usize, f64)) {}

#[cfg(feature = "exemplars")]
#[cold]
fn offer_span<'s>(
    exemplars: impl FnOnce() -> &'s Exemplars,
    observed: impl FnOnce() -> (usize, f64),
) {
    let Some(in_span) = IN_SPAN.get() else { return };
    let mut once = Some((exemplars, observed));
    in_span(&mut |make| {
        if let Some((exemplars, observed)) = once.take() {
            let (bucket, value) = observed();
            exemplars().keep_seldom(bucket, AGE_MIN, || make(value));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_each_bucket_is_kept() {
        let exemplars = Exemplars::default();
        assert_eq!(exemplars.get(), []);
        let of = |value| Exemplar::new(value, &[], None);
        exemplars.keep(2, of(3.0));
        exemplars.keep(0, of(1.0));
        exemplars.keep(2, of(2.5));
        assert_eq!(exemplars.get(), [of(1.0), of(2.5)]);
        exemplars.clear();
        assert_eq!(exemplars.get(), []);
    }
}
