//! What generated code calls. Not part of the public interface: it may change in any release, so its name carries the
//! version, and only the macros of that version know it.
//!
//! One annotated function expands into one static, an array of [`Metric`]s declared by
//! [`site!`](crate::__yardstick_site), and one guard, made by [`enter`] and ended by [`leave`] or by its destructor.
//! Lists of what is recorded, of label values and of returned_errors are nested pairs, so that each is resolved at compile
//! time: `(first, (second, ()))`. They are the same types for most functions, which the compiler then reads once.

#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
pub use linkme;
// Under our own path: a crate without `std` has no `::std`.
pub use std::{boxed::Box, future::Future};

use crate::registry::Registry;
#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
pub use crate::site::{SiteEntry, YARDSTICK_SCHEMAS_0_1_0, YARDSTICK_SITES_0_1_0};
pub use crate::{
    __yardstick_enlist as enlist, __yardstick_error_of as error_of,
    __yardstick_method_of_block as method_of_block, __yardstick_name_of as name_of,
    __yardstick_site as site,
    handle::{
        label_set::fields,
        typed::{FamilyRef, MetricKind, Typed},
    },
    schema::{Descriptors, Field, FieldSpec, Global, Registrar, SchemaEntry, SchemaMetric, metric},
    site::{
        Active, ByResult, Calls, Completed, Duration, Errors, FourMetrics, ListedSchema, Literal,
        MaybeLabel, MaybeName, Metric, NoSchema, OfSchema, OneMetric, Probe, Returned,
        ThreeMetrics, TwoMetrics, ViaAnything, ViaErrorType, ViaFuture, ViaItself, ViaLabelValue,
        ViaMetric, ViaName, ViaNoLabelValue, ViaNoName, ViaResult, ViaStream, ViaValue,
        ViaWrongKind, assigned, call, completed_histogram, counter_by_error_type,
        counter_by_outcome, enter, enter_never, error_if, error_name, error_named, fixed, gauge,
        given, given_as, histogram, input, input_in, is_counter_by_error_type,
        is_counter_by_outcome, is_gauge, is_histogram, is_in_seconds, is_without_unit, kept_in,
        label, leave, may_be_an_error, named, no_future, observe, observe_block, observe_stream,
        result_label, returned, site_spec, unassigned, unit_of, unnamed, untold, with_labels,
    },
};

/// Native buckets that the macros have checked.
#[must_use]
pub const fn native(
    per_doubling: u32,
    from_exponent: i32,
    to_exponent: i32,
) -> yardstick_model::NativeBuckets {
    yardstick_model::NativeBuckets::of_parts(per_doubling, from_exponent, to_exponent)
}

/// The location of a schema's field.
#[must_use]
#[track_caller]
pub const fn location(module: &'static str) -> yardstick_model::Location {
    yardstick_model::Location::from_caller(module, std::panic::Location::caller())
}

/// Compiles if a field with `buckets` is a histogram.
pub const fn assert_histogram<M: SchemaMetric>() {
    assert!(
        matches!(M::KIND, yardstick_model::Kind::Histogram),
        "`buckets` has no effect on a metric that is no histogram; remove it"
    );
}

/// Compiles if a field with `quantiles` is a summary.
pub const fn assert_summary<M: SchemaMetric>() {
    assert!(
        matches!(M::KIND, yardstick_model::Kind::Summary),
        "`quantiles` has no effect on a metric that is no summary; remove it"
    );
}

/// The registry that `registry = ..` names.
#[inline]
pub fn registry<R: AsRegistry + ?Sized>(registry: &R) -> &Registry {
    registry.as_registry()
}

/// What `registry = ..` may name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a registry",
    label = "expected a `yardstick::Registry`",
    note = "`registry = ..` takes a `Registry`, a reference to one, or a `LazyLock` or `Arc` of one"
)]
pub trait AsRegistry {
    /// The registry.
    fn as_registry(&self) -> &Registry;
}

impl AsRegistry for Registry {
    fn as_registry(&self) -> &Registry {
        self
    }
}

impl<R: AsRegistry + ?Sized> AsRegistry for &R {
    fn as_registry(&self) -> &Registry {
        (**self).as_registry()
    }
}

impl<R: AsRegistry + ?Sized> AsRegistry for std::sync::Arc<R> {
    fn as_registry(&self) -> &Registry {
        (**self).as_registry()
    }
}

impl<R: AsRegistry, F: FnOnce() -> R> AsRegistry for std::sync::LazyLock<R, F> {
    fn as_registry(&self) -> &Registry {
        (**self).as_registry()
    }
}

/// Records a duration in ticks: what a timer does, without the conversion.
#[inline]
pub fn observe_ticks(histogram: &crate::handle::Histogram, ticks: u64) {
    histogram.observe_ticks(ticks);
}

/// Marks a method that `#[track]` on its block measures, for attributes of ours under other names.
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_method_of_block {
    () => {};
}

/// The name of the error in a reference to a returned value.
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_error_of {
    ($returned:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private_0_1_0::{ViaAnything as _, ViaErrorType as _, ViaResult as _};
        (&&&$crate::__private_0_1_0::Probe($returned)).__yardstick_error()
    }};
}

/// The name of a reference to a returned value that was called an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_name_of {
    ($returned:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private_0_1_0::{
            ViaAnything as _, ViaErrorType as _, ViaItself as _, ViaResult as _,
        };
        (&&&&$crate::__private_0_1_0::Probe($returned)).__yardstick_name()
    }};
}
