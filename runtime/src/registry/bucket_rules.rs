//! Bucket rules: buckets by name, for histograms that declare none, such as those of libraries.
//!
//! Invariant: a rule is applied when a family is made and at no other time, because buckets never change.

use std::sync::PoisonError;

use yardstick_model::{
    DEFAULT_SECONDS, Kind, Location, NativeBuckets, Unit, check_bounds, check_duration_bounds,
};

use super::{
    Both, Difference, FamilySpec, RefusedBecause, RegisterError, Registry,
    facade_keys::FACADE_MODULE, family::FamilyMeta, native,
};

/// Which names a rule is for: as a library writes them, such as `http.server.duration`, or as they are exposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// This name.
    Full(String),
    /// Names that begin so.
    Prefix(String),
    /// Names that end so.
    Suffix(String),
}

/// The buckets of a histogram: upper bounds, strictly increasing and without `+Inf`, or [native ones](NativeBuckets).
///
/// # Examples
///
/// ```
/// use yardstick::buckets::{Buckets, NativeBuckets};
///
/// let chosen = Buckets::from([0.01, 0.1, 1.0]);
/// let native = Buckets::from(NativeBuckets::default());
/// assert_ne!(chosen, native);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    bounds: Vec<f64>,
    native: Option<NativeBuckets>,
}

/// Buckets for the names of a matcher.
#[derive(Debug)]
pub(super) struct Rule {
    matcher: Matcher,
    buckets: Buckets,
}

impl Matcher {
    fn text(&self) -> &str {
        match self {
            Self::Full(text) | Self::Prefix(text) | Self::Suffix(text) => text,
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Full(text) => name == text,
            Self::Prefix(text) => name.starts_with(text.as_str()),
            Self::Suffix(text) => name.ends_with(text.as_str()),
        }
    }

    /// How much a match says: a whole name more than a part, and a longer part more than a shorter one.
    fn weight(&self) -> (bool, usize) {
        (matches!(self, Self::Full(_)), self.text().len())
    }
}

impl From<Vec<f64>> for Buckets {
    fn from(bounds: Vec<f64>) -> Self {
        Self { bounds, native: None }
    }
}

impl From<&[f64]> for Buckets {
    fn from(bounds: &[f64]) -> Self {
        bounds.to_vec().into()
    }
}

impl<const N: usize> From<[f64; N]> for Buckets {
    fn from(bounds: [f64; N]) -> Self {
        bounds.to_vec().into()
    }
}

impl<const N: usize> From<&[f64; N]> for Buckets {
    fn from(bounds: &[f64; N]) -> Self {
        bounds.to_vec().into()
    }
}

impl From<NativeBuckets> for Buckets {
    fn from(buckets: NativeBuckets) -> Self {
        Self { bounds: native::bounds(buckets).to_vec(), native: Some(buckets) }
    }
}

impl Registry {
    /// Gives histograms of these names their buckets, in the unit of the metric, where no declaration does: what a library
    /// records through the `metrics` facade, what is recorded by name, and what a builder declares without buckets. Without
    /// a rule, those are [`DEFAULT_SECONDS`], as are those of an attribute that gives none.
    ///
    /// A rule for a whole name comes before one for a part of it, a longer part before a shorter one, and of two for the
    /// same the later one holds. Buckets never change, so set rules before the first observation.
    ///
    /// # Errors
    ///
    /// When the bounds break a rule, or a histogram of such a name has taken the default ones already. No rule is set
    /// then.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::{buckets::Matcher, Registry};
    ///
    /// let registry = Registry::new();
    /// registry.set_buckets_for(Matcher::Suffix("_bytes".to_owned()), [1e3, 1e6])?;
    /// metrics::with_local_recorder(&registry, || metrics::histogram!("sent_bytes").record(2e3));
    /// assert!(registry.render().contains("sent_bytes_bucket{le=\"1e+06\"} 1\n"));
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[track_caller]
    pub fn set_buckets_for(
        &self,
        matcher: Matcher,
        buckets: impl Into<Buckets>,
    ) -> Result<(), RegisterError> {
        let location = Location::from_caller("", std::panic::Location::caller());
        self.set_bucket_rule(matcher, buckets.into(), location)
            .inspect_err(|error| self.count_refusal(error))
    }

    pub(crate) fn set_bucket_rule(
        &self,
        matcher: Matcher,
        buckets: Buckets,
        location: Location,
    ) -> Result<(), RegisterError> {
        if buckets.native.is_none() {
            check_bounds(&buckets.bounds).map_err(|violation| {
                let metric = matcher.text().to_owned();
                RegisterError::Bounds { metric, violation, location }
            })?;
        }
        let families = self.families();
        let has_default = |meta: &FamilyMeta| {
            // An attribute says its buckets, if only by leaving them out; it alone has a module of the user's.
            let is_open = matches!(meta.location.module, "" | FACADE_MODULE);
            meta.kind == Kind::Histogram
                && is_open
                && meta.bounds == DEFAULT_SECONDS
                && (matcher.matches(&meta.name) || matcher.matches(&meta.written))
        };
        let taken = families.iter().find(|family| has_default(&family.meta));
        if let Some(family) = taken.filter(|_| buckets.bounds != DEFAULT_SECONDS) {
            return Err(RegisterError::Conflict {
                family: family.meta.name.clone(),
                difference: Difference::Buckets(Both {
                    first: family.meta.bounds.clone(),
                    second: buckets.bounds,
                }),
                first: family.meta.location,
                second: location,
            });
        }
        let mut rules = self.inner.bucket_rules.write().unwrap_or_else(PoisonError::into_inner);
        rules.retain(|rule| rule.matcher != matcher);
        rules.push(Rule { matcher, buckets });
        Ok(())
    }

    /// The buckets by rule of a histogram that says none; bounds that its unit does not allow are refused and counted.
    pub(super) fn buckets_by_rule(&self, spec: &FamilySpec<'_>, name: &str) -> Option<Buckets> {
        if spec.kind != Kind::Histogram || spec.bounds.is_some() {
            return None;
        }
        let rules = self.inner.bucket_rules.read().unwrap_or_else(PoisonError::into_inner);
        let names = [spec.written, spec.base, name];
        let matching =
            rules.iter().filter(|rule| names.iter().any(|name| rule.matcher.matches(name)));
        let buckets = matching.max_by_key(|rule| rule.matcher.weight())?.buckets.clone();
        let is_of_unit = spec.unit != Some(Unit::Seconds)
            || buckets.native.is_some()
            || check_duration_bounds(&buckets.bounds).is_ok();
        if !is_of_unit {
            self.count_cause(RefusedBecause::Buckets);
        }
        is_of_unit.then_some(buckets)
    }
}

impl Buckets {
    /// The family as it is asked for, with these buckets.
    pub(super) fn apply<'s>(&'s self, spec: &FamilySpec<'s>) -> FamilySpec<'s> {
        FamilySpec { bounds: Some(&self.bounds), native: self.native, ..spec.clone() }
    }
}
