//! `LabelSet`: the labels of a metric as a struct.

mod by_exit;
#[doc(hidden)]
pub mod fields;
mod values;

use std::fmt;

pub use self::by_exit::{ByErrorType, ByOutcome};
pub(crate) use self::values::{SetAndText, SetValues};
use crate::handle::{FamilyRef, MetricKind, OfFamily, SeriesRef};

/// A set of labels: a struct whose fields are its values.
///
/// Derive it; its items that are not documented may change in any release. A metric such as
/// [`Counter<CacheLabels>`](crate::Counter) then has one series for each set of values, and the compiler checks
/// that a call gives them all.
///
/// | option | meaning | default |
/// |---|---|---|
/// | `#[label(rename = "..")]` | the label's name | the field's |
/// | `#[label(flatten)]` | the field is a label set, whose labels are added to these | |
/// | `#[label(skip)]` | the field is no label | |
/// | `#[label_set(crate = path)]` on the struct | where this crate is, if re-exported | `::yardstick` |
///
/// # Examples
///
/// ```
/// use yardstick::{LabelSet, LabelValue, Registry};
///
/// #[derive(Clone, Copy, LabelValue)]
/// enum Operation {
///     Get,
///     Put,
/// }
///
/// #[derive(LabelSet)]
/// struct CacheLabels {
///     #[label(rename = "cache_name")]
///     cache: &'static str,
///     operation: Operation,
/// }
///
/// let registry = Registry::new();
/// let hits = registry.counter("cache_hits").help("Hits.").label_set::<CacheLabels>().register()?;
/// hits.with(&CacheLabels { cache: "sessions", operation: Operation::Get }).inc();
/// let labels = [("cache_name", "sessions"), ("operation", "get")];
/// assert_eq!(registry.sample_value("cache_hits_total", &labels), Some(1.0));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a label set",
    label = "not a label set",
    note = "derive `LabelSet` on a struct whose fields are label values"
)]
pub trait LabelSet: Sized {
    /// What a metric with these labels keeps.
    #[doc(hidden)]
    type Store<K: MetricKind>: Clone + fmt::Debug + OfFamily + Send + Sync;
    /// What a metric with these labels keeps of a family; `None` when no words are left.
    #[doc(hidden)]
    fn store<K: MetricKind>(family: FamilyRef) -> Option<Self::Store<K>>;
    /// The series with these labels.
    #[doc(hidden)]
    fn child<'m, K: MetricKind>(metric: &'m K::Of<Self>, labels: &Self) -> SeriesRef<'m, K::Handle>
    where
        Self: 'm;
    /// Calls `add` with each label's name, in the order of the values.
    #[doc(hidden)]
    fn each_name(add: &mut dyn FnMut(&'static str));
    /// How many sets of values there are, if all values are known beforehand; otherwise zero.
    #[doc(hidden)]
    fn combinations() -> usize;
    /// Calls `check` with each value's list of known values.
    #[doc(hidden)]
    fn each_values(check: &mut dyn FnMut(&'static [&'static str]));
    /// The position of these values among all sets.
    #[doc(hidden)]
    fn dense_index(&self) -> usize;
    /// Calls `read` with the text of each value, in order.
    #[doc(hidden)]
    fn each_text(&self, read: &mut dyn FnMut(&str));
}

/// No labels.
#[diagnostic::do_not_recommend]
impl LabelSet for () {
    type Store<K: MetricKind> = K::One;

    fn store<K: MetricKind>(family: FamilyRef) -> Option<K::One> {
        K::one(family)
    }

    #[inline]
    fn child<'m, K: MetricKind>(metric: &'m K::Of<()>, (): &()) -> SeriesRef<'m, K::Handle>
    where
        Self: 'm,
    {
        K::only(metric)
    }

    fn each_name(_: &mut dyn FnMut(&'static str)) {}

    fn combinations() -> usize {
        1
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    fn dense_index(&self) -> usize {
        0
    }

    fn each_text(&self, _: &mut dyn FnMut(&str)) {}
}
