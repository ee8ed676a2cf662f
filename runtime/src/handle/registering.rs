//! Metrics that are made before they are registered, or that several registries show.

use std::sync::Arc;

use yardstick_model::Location;

use crate::{
    base::reentry::Scope,
    handle::{
        Counter, Family, FamilyRef, Gauge, Handle, Histogram, Info, MetricBuilder, StateSet,
        Summary, label_set::LabelSet,
    },
    registry::{RegisterError, Registry, default_registry},
};

mod sealed {
    pub trait Sealed {}
}

/// What a registry shows under one name: a [`Counter`], [`Gauge`], [`Histogram`], [`Summary`], [`Info`] or [`StateSet`],
/// with labels or without, or a [`Family`].
pub trait Metric: sealed::Sealed {
    /// The family; `None` for the handle of one of several series.
    #[doc(hidden)]
    fn family(&self) -> Option<FamilyRef>;
}

macro_rules! metrics {
    ($($handle:ident),*) => {$(
        impl<L: LabelSet> sealed::Sealed for $handle<L> {}

        impl<L: LabelSet> Metric for $handle<L> {
            fn family(&self) -> Option<FamilyRef> {
                Self::family(self)
            }
        }

        impl $handle {
            /// A metric without labels that no registry shows yet: see [`MetricBuilder::build`], also for one with
            /// labels, a unit, or more.
            ///
            /// # Errors
            ///
            /// When the name is invalid, the help text is empty, or no memory is left.
            ///
            /// # Examples
            ///
            /// ```
            #[doc = concat!("let metric = yardstick::", stringify!($handle), "::new(\"requests\", \"Requests.\")?;")]
            /// yardstick::default_registry().register(&metric)?;
            /// # Ok::<(), yardstick::RegisterError>(())
            /// ```
            #[track_caller]
            pub fn new(name: &str, help: &str) -> Result<Self, RegisterError> {
                Self::builder(name).help(help).build()
            }

            /// Declares a metric apart from any registry; `register` puts it into the default one.
            #[track_caller]
            pub fn builder(name: &str) -> MetricBuilder<'_, Self> {
                MetricBuilder::new(default_registry(), name)
            }
        }
    )*};
}

metrics!(Counter, Gauge, Histogram, Summary);

impl<L> sealed::Sealed for Info<L> {}

impl<L> Metric for Info<L> {
    fn family(&self) -> Option<FamilyRef> {
        Some(Self::family(self))
    }
}

impl<S, L: LabelSet> sealed::Sealed for StateSet<S, L> {}

impl<S, L: LabelSet> Metric for StateSet<S, L> {
    fn family(&self) -> Option<FamilyRef> {
        Self::family(self)
    }
}

impl<H: Handle, const N: usize> sealed::Sealed for Family<H, N> {}

impl<H: Handle, const N: usize> Metric for Family<H, N> {
    fn family(&self) -> Option<FamilyRef> {
        Some(FamilyRef(Arc::clone(&self.core)))
    }
}

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
