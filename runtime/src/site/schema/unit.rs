//! Compile-time check of the unit of a schema's metric.
//!
//! The runtime refuses such records too, because a metric can be reached in other ways; here they do not compile.

use yardstick_model::Unit;

use crate::schema::Descriptors;

/// No unit, or a metric about which nothing is known: then something else is wrong with it.
const NONE: u8 = 0;
const SECONDS: u8 = 1;
const COUNT: u8 = 2;
const OTHER: u8 = 3;

/// What the derive gives each schema as a constant of its own, which is found before this one.
pub trait NoSchema {
    /// Nothing.
    const __YARDSTICK_METRICS: Option<Descriptors> = None;
}

impl<S> NoSchema for S {}

/// A number for the unit of the metric that these fields lead to.
#[must_use]
pub const fn unit_of(metrics: Option<Descriptors>, path: &[&str]) -> u8 {
    let Some(metrics) = metrics else { return NONE };
    match metrics.unit_at(path) {
        None => NONE,
        Some(Unit::Seconds) => SECONDS,
        Some(Unit::Count) => COUNT,
        Some(_) => OTHER,
    }
}

/// A unit by its number.
#[derive(Clone, Copy, Debug)]
pub struct InUnit<const UNIT: u8>;

/// Units that durations are recorded in.
#[diagnostic::on_unimplemented(
    message = "`#[track_duration]` records seconds, and this metric has another unit",
    label = "the values of this metric are no seconds",
    note = "declare the field with `unit = Seconds` or without `unit`, or give the attribute another field"
)]
pub trait Seconds {}

#[diagnostic::do_not_recommend]
impl Seconds for InUnit<NONE> {}
#[diagnostic::do_not_recommend]
impl Seconds for InUnit<SECONDS> {}

/// Units that calls are counted in.
#[diagnostic::on_unimplemented(
    message = "this attribute counts calls, and this metric has a unit",
    label = "the values of this metric are no calls",
    note = "declare the field without `unit`, or give the attribute another field"
)]
pub trait Calls {}

#[diagnostic::do_not_recommend]
impl Calls for InUnit<NONE> {}
#[diagnostic::do_not_recommend]
impl Calls for InUnit<COUNT> {}

/// Compiles if durations can be recorded in the unit.
pub const fn is_in_seconds<const UNIT: u8>()
where
    InUnit<UNIT>: Seconds,
{
}

/// Compiles if calls can be counted in the unit.
pub const fn is_without_unit<const UNIT: u8>()
where
    InUnit<UNIT>: Calls,
{
}
