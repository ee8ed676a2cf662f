//! Families whose labels are named by texts, and finding their series.

use std::{fmt, marker::PhantomData, sync::Arc};

use yardstick_model::Location;

use crate::{
    handle::metric::OfSeries,
    registry::{FamilyCore, RegisterError, Registry, SeriesLimit, Tabled},
};

/// A family whose series differ in the values of `N` labels.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let jobs = registry.counter("jobs").help("Jobs by queue.").labels(["queue"]).register()?;
/// let mail = jobs.get_or_create(["mail"])?;
/// mail.inc();
/// jobs.get_or_create_named([("queue", "mail")])?.inc();
/// assert!(registry.render().contains("jobs_total{queue=\"mail\"} 2\n"));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
pub struct Family<H, const N: usize> {
    registry: Registry,
    pub(super) core: Arc<FamilyCore>,
    names: [Box<str>; N],
    handle: PhantomData<fn() -> H>,
}

impl<H, const N: usize> Family<H, N> {
    pub(super) const fn of_core(
        registry: Registry,
        core: Arc<FamilyCore>,
        names: [Box<str>; N],
    ) -> Self {
        Self { registry, core, names, handle: PhantomData }
    }
}

#[allow(private_bounds, reason = "every `Handle` is one; its series are internal")]
impl<H: OfSeries, const N: usize> Family<H, N> {
    /// The series with these label values, in the order of the names; made, at zero, if it is missing.
    /// Keep the handle where the values are known beforehand: the look-up costs more than recording.
    ///
    /// # Errors
    ///
    /// Only when no memory is left for another series. A family that has reached its limit answers with
    /// the overflow series and counts that in `yardstick_series_overflow_total`.
    pub fn get_or_create(&self, values: [&str; N]) -> Result<H, RegisterError> {
        child(&self.registry, &self.core, &self.pairs(values))
    }

    /// The series with these labels, by name and in any order.
    ///
    /// # Errors
    ///
    /// When a name is not one of the family's, or is missing; else as [`get_or_create`](Self::get_or_create).
    #[track_caller]
    pub fn get_or_create_named(&self, labels: [(&str, &str); N]) -> Result<H, RegisterError> {
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(&self.names) {
            let Some((_, given)) = labels.iter().find(|(given, _)| *given == &**name) else {
                let error = RegisterError::MissingLabel {
                    family: self.core.meta.name.clone(),
                    label: name.to_string(),
                    location: Location::from_caller("", std::panic::Location::caller()),
                };
                self.registry.count_refusal(&error);
                return Err(error);
            };
            *value = given;
        }
        self.get_or_create(values)
    }

    /// Leaves a series out of the exposition, and gives its place in the limit to the next label set; `false` if none is
    /// shown with these values. A series to which a handle is still held reads zero, and comes back when it is
    /// recorded to: if the family is full by then, it is shown beyond the limit, and counted in
    /// `yardstick_series_beyond_limit_total`.
    pub fn remove(&self, values: [&str; N]) -> bool {
        let pairs = self.pairs(values);
        H::Series::table(&self.core.tables)
            .is_some_and(|table| table.remove(&self.core.label_text(pairs)))
    }

    /// Leaves all series out of the exposition, as [`remove`](Self::remove) does with one.
    pub fn clear(&self) {
        if let Some(table) = H::Series::table(&self.core.tables) {
            table.clear();
        }
    }

    fn pairs<'a>(&'a self, values: [&'a str; N]) -> Vec<(&'a str, &'a str)> {
        self.names.iter().map(|name| &**name).zip(values).collect()
    }
}

fn child<H: OfSeries>(
    registry: &Registry,
    family: &FamilyCore,
    labels: &[(&str, &str)],
) -> Result<H, RegisterError> {
    let found = family.series::<H::Series>(labels, SeriesLimit::Enforced);
    let found = found.ok_or_else(|| registry.out_of_memory(family.meta.name.clone()))?;
    Ok(H::from_series(found.into_inner()))
}

impl<H, const N: usize> fmt::Debug for Family<H, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.meta.fmt(f)
    }
}

impl<H, const N: usize> Clone for Family<H, N> {
    fn clone(&self) -> Self {
        Self {
            registry: self.registry.clone(),
            core: Arc::clone(&self.core),
            names: self.names.clone(),
            handle: PhantomData,
        }
    }
}
