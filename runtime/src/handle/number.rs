//! Conversions of numbers into counts and values.
//!
//! Invariant: a number that a `f64` or a `u64` can hold arrives as it is; recording one is what it would be if the
//! caller had converted it.

mod sealed {
    pub trait Sealed {}
}

/// A number that gauges, histograms and summaries take: any of the integers and floating-point numbers.
///
/// Samples are doubles (`f64`), so integers beyond 2^53 are rounded to the nearest double, by at most one part in 2^53,
/// and an `f32` becomes the double of the same value, which may print longer than it was written.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let depth = registry.gauge("queue_depth").help("Jobs that wait.").register()?;
/// depth.set(vec!["a", "b"].len());
/// depth.inc_by(0.5);
/// assert_eq!(depth.get(), 2.5);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a metric takes",
    label = "not an integer and not a float",
    note = "give a duration to `observe_duration`, or as `duration.as_secs_f64()`; a `bool` as `u8::from(..)`"
)]
pub trait IntoValue: sealed::Sealed {
    /// The nearest double.
    fn into_value(self) -> f64;
}

/// A whole number that counters take: any of the integers up to 64 bits.
///
/// A negative one cannot be added: it is refused and counted, as `yardstick_observations_refused_total` says.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let sent = registry.counter("sent").unit(yardstick::Unit::Bytes).help("Bytes sent.").register()?;
/// sent.inc_by(b"hello".len());
/// assert_eq!(sent.get(), 5);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a whole number that a counter takes",
    label = "not an integer of at most 64 bits",
    note = "give an amount with a fraction to `inc_by_f64`"
)]
pub trait IntoCount: sealed::Sealed {
    /// The number; `None` if it is negative.
    fn into_count(self) -> Option<u64>;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl sealed::Sealed for $number {}

        #[diagnostic::do_not_recommend]
        impl IntoValue for $number {
            #[inline]
            #[allow(
                clippy::cast_precision_loss,
                clippy::cast_lossless,
                trivial_numeric_casts,
                reason = "samples are doubles, and the trait says how others are rounded"
            )]
            fn into_value(self) -> f64 {
                self as f64
            }
        }
    )*};
}

numbers!(f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

macro_rules! counts {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoCount for $number {
            #[inline]
            fn into_count(self) -> Option<u64> {
                u64::try_from(self).ok()
            }
        }
    )*};
}

counts!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
