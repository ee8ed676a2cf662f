//! `ByOutcome` and `ByErrorType`: label sets completed by how a call ended.

use std::borrow::Cow;

use super::LabelSet;
use crate::{
    handle::{FamilyRef, MetricKind, SeriesRef, Typed},
    labels::{LabelValue, Outcome},
};

/// The labels `L`, and `outcome`: what [`track_calls`](crate::track_calls) records into.
///
/// # Examples
///
/// ```
/// use yardstick::{ByOutcome, Counter, MetricSchema, Outcome, Registry, track_calls};
///
/// #[derive(MetricSchema)]
/// struct Jobs {
///     /// Jobs that ended, by outcome.
///     jobs: Counter<ByOutcome>,
/// }
///
/// #[track_calls(Jobs::jobs)]
/// fn work() {}
///
/// work();
/// assert_eq!(Jobs::global().jobs.with(&ByOutcome { labels: (), outcome: Outcome::Ok }).get(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByOutcome<L = ()> {
    /// The labels that the call began with.
    pub labels: L,
    /// How it ended.
    pub outcome: Outcome,
}

/// The labels `L`, and `error_type`: what [`track_errors`](crate::track_errors) records into.
///
/// # Examples
///
/// ```
/// use yardstick::{ByErrorType, Counter, MetricSchema, track_errors};
///
/// #[derive(MetricSchema)]
/// struct Jobs {
///     /// Jobs that failed, by error.
///     job_errors: Counter<ByErrorType>,
/// }
///
/// #[track_errors(Jobs::job_errors)]
/// fn work(size: &str) -> Result<u32, std::num::ParseIntError> {
///     size.parse()
/// }
///
/// let _ = work("many");
/// let error = ByErrorType { labels: (), error_type: "ParseIntError".into() };
/// assert_eq!(Jobs::global().job_errors.with(&error).get(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByErrorType<L = ()> {
    /// The labels that the call began with.
    pub labels: L,
    /// What the error is called.
    pub error_type: Cow<'static, str>,
}

macro_rules! typed {
    () => {
        type Store<K: MetricKind> = Typed<K, Self>;

        fn store<K: MetricKind>(family: FamilyRef) -> Option<Typed<K, Self>> {
            K::typed(family)
        }

        #[inline]
        fn child<'m, K: MetricKind>(
            metric: &'m K::Of<Self>,
            labels: &Self,
        ) -> SeriesRef<'m, K::Handle>
        where
            Self: 'm,
        {
            K::child(K::store(metric), labels)
        }
    };
}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> LabelSet for ByOutcome<L> {
    typed!();

    fn each_name(add: &mut dyn FnMut(&'static str)) {
        L::each_name(add);
        add("outcome");
    }

    #[inline]
    fn combinations() -> usize {
        L::combinations().saturating_mul(Outcome::VALUES.len())
    }

    fn each_values(check: &mut dyn FnMut(&'static [&'static str])) {
        L::each_values(check);
        check(Outcome::VALUES);
    }

    #[inline]
    fn dense_index(&self) -> usize {
        let index = self.labels.dense_index().saturating_mul(Outcome::VALUES.len());
        index.saturating_add(self.outcome.index())
    }

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.labels.each_text(read);
        self.outcome.with_text(read);
    }
}

#[diagnostic::do_not_recommend]
impl<L: LabelSet> LabelSet for ByErrorType<L> {
    typed!();

    fn each_name(add: &mut dyn FnMut(&'static str)) {
        L::each_name(add);
        add("error_type");
    }

    /// The names of errors are not known beforehand.
    #[inline]
    fn combinations() -> usize {
        0
    }

    fn each_values(check: &mut dyn FnMut(&'static [&'static str])) {
        L::each_values(check);
        check(&[]);
    }

    #[inline]
    fn dense_index(&self) -> usize {
        usize::MAX
    }

    #[inline]
    fn each_text(&self, read: &mut dyn FnMut(&str)) {
        self.labels.each_text(read);
        read(&self.error_type);
    }
}
