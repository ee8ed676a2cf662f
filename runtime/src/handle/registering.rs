//! `Registry::register`: shows an existing metric in another registry.

use yardstick_model::Location;

use crate::{
    base::reentry::Scope,
    handle::{FamilyRef, Metric},
    registry::{RegisterError, Registry},
};

impl Registry {
    /// Shows a metric in this registry, whether others show it or none does: the same series, with whatever records into
    /// them. Each registry may [drop it](Self::unregister) by itself. A metric that it has already is no error.
    ///
    /// # Errors
    ///
    /// When this registry has another family whose samples have the same names, or the handle is that of one of several
    /// series.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{Counter, Registry, default_registry};
    ///
    /// let requests = Counter::new("requests", "Requests.")?;
    /// let own = Registry::new();
    /// own.register(&requests)?;
    /// default_registry().register(&requests)?;
    /// requests.inc();
    /// assert_eq!(own.sample_value("requests_total", &[]), Some(1.0));
    /// assert!(own.unregister("requests_total"));
    /// assert_eq!(default_registry().sample_value("requests_total", &[]), Some(1.0));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn register(&self, metric: &impl Metric) -> Result<(), RegisterError> {
        let _scope = Scope::enter();
        let location = Location::from_caller("", std::panic::Location::caller());
        let family = metric.family().ok_or(RegisterError::OneSeries { location });
        let shown = family.and_then(|FamilyRef(family)| self.show(&family, location));
        shown.inspect_err(|error| self.count_refusal(error))
    }
}
