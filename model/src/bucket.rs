//! Bucket bounds of histograms: what is valid, and the usual ways to make them.

use core::fmt;

use crate::{number::Shown, unit::Unit};

/// The largest number of bounds of one histogram, not counting the implicit `+Inf`.
///
/// A series keeps its buckets, sum and bookkeeping in one 4 KiB chunk of 512 words, and every
/// bucket is a series on the server: a family with more bounds is a mistake.
pub const BOUNDS_MAX: usize = 200;

/// The default bounds of durations, in seconds: those that the guideline for client libraries
/// gives, with the three that the Python client adds between them.
pub const DEFAULT_SECONDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

const _: () = assert!(check_duration_bounds(&DEFAULT_SECONDS).is_ok());

/// The default bounds of a histogram: those of durations, in its unit, and for bytes the powers of four from 256 to
/// 2^30.
///
/// # Examples
///
/// ```
/// use yardstick_model::{Unit, default_bounds};
///
/// assert_eq!(default_bounds(Some(Unit::Seconds))[0], 0.005);
/// assert_eq!(default_bounds(Some(Unit::Milliseconds))[0], 5.0);
/// assert_eq!(default_bounds(Some(Unit::Bytes))[1], 1_024.0);
/// ```
#[must_use]
pub const fn default_bounds(unit: Option<Unit>) -> &'static [f64] {
    const MILLISECONDS: &[f64] = &times(DEFAULT_SECONDS, 1e3);
    const MICROSECONDS: &[f64] = &times(DEFAULT_SECONDS, 1e6);
    const NANOSECONDS: &[f64] = &times(DEFAULT_SECONDS, 1e9);
    const BYTES: &[f64] = &[
        256.0,
        1_024.0,
        4_096.0,
        16_384.0,
        65_536.0,
        262_144.0,
        1_048_576.0,
        4_194_304.0,
        16_777_216.0,
        67_108_864.0,
        268_435_456.0,
        1_073_741_824.0,
    ];
    match unit {
        Some(Unit::Milliseconds) => MILLISECONDS,
        Some(Unit::Microseconds) => MICROSECONDS,
        Some(Unit::Nanoseconds) => NANOSECONDS,
        Some(Unit::Bytes) => BYTES,
        _ => &DEFAULT_SECONDS,
    }
}

/// The bounds times a power of ten, each of which is exact.
const fn times(mut bounds: [f64; 14], factor: f64) -> [f64; 14] {
    let mut index = 0;
    while index < bounds.len() {
        bounds[index] *= factor;
        index += 1;
    }
    bounds
}

/// Why bucket bounds, or the numbers they are made from, are refused.
///
/// `Display` gives the first line of the message, [`help`](Self::help) and [`note`](Self::note) the
/// rest. Indices count from 0; messages count bounds from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BoundsViolation {
    /// There is no bound.
    Empty,
    /// There are more than [`BOUNDS_MAX`] bounds.
    TooMany {
        /// How many there are, or were asked for.
        count: usize,
    },
    /// A bound is not a number.
    NotANumber {
        /// Which one.
        index: usize,
    },
    /// A bound is infinite.
    Infinite {
        /// Which one.
        index: usize,
        /// Positive or negative infinity.
        value: f64,
    },
    /// A bound is not greater than the one before it.
    NotIncreasing {
        /// Which one.
        index: usize,
        /// The bound before it.
        previous: f64,
        /// The bound itself.
        value: f64,
    },
    /// A bound of a duration is negative.
    NegativeDuration {
        /// Which one.
        index: usize,
        /// The bound itself.
        value: f64,
    },
    /// A parameter from which bounds are to be made is infinite or not a number.
    ParameterNotFinite {
        /// The parameter's name: `start`, `end`, `factor` or `width`.
        parameter: &'static str,
        /// Its value.
        value: f64,
    },
    /// A range or an exponential sequence starts at or below zero, where no factor leads upwards.
    StartNotPositive {
        /// The start.
        start: f64,
    },
    /// A range does not end above its start.
    EndNotAboveStart {
        /// The start.
        start: f64,
        /// The end.
        end: f64,
    },
    /// The factor of an exponential sequence is not above one.
    FactorNotAboveOne {
        /// The factor.
        factor: f64,
    },
    /// The width of a linear sequence is not positive.
    WidthNotPositive {
        /// The width.
        width: f64,
    },
}

/// Checks that there are between 1 and [`BOUNDS_MAX`] bounds, all finite and strictly increasing.
///
/// `+Inf` is implicit and must not be listed. `-0.0` equals `0.0`. Negative bounds are valid.
///
/// # Errors
///
/// The first rule that the bounds break, reading from the left; their number is checked first.
///
/// # Examples
///
/// ```
/// use yardstick_model::check_bounds;
///
/// const _: () = assert!(check_bounds(&[0.1, 0.5, 1.0]).is_ok());
/// assert_eq!(
///     check_bounds(&[0.1, 0.5, 0.25]).unwrap_err().to_string(),
///     "bucket bounds must be strictly increasing, but bound 3 (`0.25`) follows `0.5`"
/// );
/// ```
pub const fn check_bounds(bounds: &[f64]) -> Result<(), BoundsViolation> {
    if bounds.is_empty() {
        return Err(BoundsViolation::Empty);
    }
    if bounds.len() > BOUNDS_MAX {
        return Err(BoundsViolation::TooMany { count: bounds.len() });
    }
    let mut index = 0;
    while index < bounds.len() {
        let value = bounds[index];
        if value.is_nan() {
            return Err(BoundsViolation::NotANumber { index });
        }
        if value.is_infinite() {
            return Err(BoundsViolation::Infinite { index, value });
        }
        if index > 0 && value <= bounds[index - 1] {
            let previous = bounds[index - 1];
            return Err(BoundsViolation::NotIncreasing { index, previous, value });
        }
        index += 1;
    }
    Ok(())
}

/// Checks bounds as [`check_bounds`] does, and that none is negative, since no duration is.
///
/// # Errors
///
/// As [`check_bounds`]; a negative bound is reported if the bounds are valid otherwise.
pub const fn check_duration_bounds(bounds: &[f64]) -> Result<(), BoundsViolation> {
    if let Err(violation) = check_bounds(bounds) {
        return Err(violation);
    }
    // The bounds increase, so the first one decides.
    if bounds[0] < 0.0 {
        return Err(BoundsViolation::NegativeDuration { index: 0, value: bounds[0] });
    }
    Ok(())
}

/// Bounds from `start` to `end` in the steps 1, 2.5 and 5 of every decade, both ends included.
///
/// The steps are the numbers that their decimal text denotes, with no error from multiplication.
///
/// # Errors
///
/// If an end is not finite, `start` is not positive, `end` is not above `start`, or the range holds
/// more than [`BOUNDS_MAX`] bounds.
///
/// # Examples
///
/// ```
/// use yardstick_model::steps;
///
/// assert_eq!(steps(0.02, 0.3)?, [0.02, 0.025, 0.05, 0.1, 0.25, 0.3]);
/// # Ok::<(), yardstick_model::BoundsViolation>(())
/// ```
pub fn steps(start: f64, end: f64) -> Result<Vec<f64>, BoundsViolation> {
    check_parameter("start", start)?;
    check_parameter("end", end)?;
    if start <= 0.0 {
        return Err(BoundsViolation::StartNotPositive { start });
    }
    if end <= start {
        return Err(BoundsViolation::EndNotAboveStart { start, end });
    }
    let mut bounds = vec![start];
    for exponent in decimal_exponent(start)..=decimal_exponent(end) {
        let decade = ["1", "2.5", "5"].map(|digits| decimal(&format!("{digits}e{exponent}")));
        bounds.extend(decade.into_iter().filter(|&step| start < step && step < end));
    }
    bounds.push(end);
    check_bounds(&bounds)?;
    Ok(bounds)
}

/// `count` bounds, the first at `start`, each `factor` times the one before.
///
/// Results are rounded to 15 significant decimal digits.
///
/// # Errors
///
/// If a parameter is not finite, `start` is not positive, `factor` is not above one, `count` is
/// zero or above [`BOUNDS_MAX`], or rounding or overflow makes the result invalid.
///
/// # Examples
///
/// ```
/// use yardstick_model::exponential;
///
/// assert_eq!(exponential(0.001, 10.0, 4)?, [0.001, 0.01, 0.1, 1.0]);
/// # Ok::<(), yardstick_model::BoundsViolation>(())
/// ```
pub fn exponential(start: f64, factor: f64, count: usize) -> Result<Vec<f64>, BoundsViolation> {
    check_parameter("start", start)?;
    check_parameter("factor", factor)?;
    if start <= 0.0 {
        return Err(BoundsViolation::StartNotPositive { start });
    }
    if factor <= 1.0 {
        return Err(BoundsViolation::FactorNotAboveOne { factor });
    }
    make(count, |index| {
        let bound = start * factor.powf(index);
        round(bound, bound)
    })
}

/// `count` bounds, the first at `start`, each `width` above the one before.
///
/// Results are rounded to 15 significant decimal digits of the larger of `start` and the distance
/// from it, so that a sequence that passes zero contains zero.
///
/// # Errors
///
/// If a parameter is not finite, `width` is not positive, `count` is zero or above [`BOUNDS_MAX`],
/// or rounding or overflow makes the result invalid.
///
/// # Examples
///
/// ```
/// use yardstick_model::linear;
///
/// assert_eq!(linear(0.1, 0.1, 4)?, [0.1, 0.2, 0.3, 0.4]);
/// # Ok::<(), yardstick_model::BoundsViolation>(())
/// ```
pub fn linear(start: f64, width: f64, count: usize) -> Result<Vec<f64>, BoundsViolation> {
    check_parameter("start", start)?;
    check_parameter("width", width)?;
    if width <= 0.0 {
        return Err(BoundsViolation::WidthNotPositive { width });
    }
    make(count, |index| {
        let distance = width * index;
        round(start + distance, start.abs().max(distance))
    })
}

const fn check_parameter(parameter: &'static str, value: f64) -> Result<(), BoundsViolation> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(BoundsViolation::ParameterNotFinite { parameter, value })
    }
}

/// The bounds at positions 0 to `count`, if they are valid.
fn make(count: usize, bound: impl Fn(f64) -> f64) -> Result<Vec<f64>, BoundsViolation> {
    // The number is checked before anything of that size is allocated.
    let last = match u8::try_from(count) {
        Ok(count) if usize::from(count) <= BOUNDS_MAX => count,
        _ => return Err(BoundsViolation::TooMany { count }),
    };
    let bounds: Vec<f64> = (0..last).map(|index| bound(f64::from(index))).collect();
    check_bounds(&bounds)?;
    Ok(bounds)
}

/// Rounds `value` at the fifteenth significant decimal digit of `magnitude`, beyond which a sum or
/// product of decimal numbers shows the error of its binary form.
fn round(value: f64, magnitude: f64) -> f64 {
    const DIGITS: i32 = 15;
    if !value.is_finite() || magnitude == 0.0 {
        return value;
    }
    match usize::try_from(DIGITS - 1 - decimal_exponent(magnitude)) {
        // Adding zero turns a negative zero into zero.
        Ok(places) => decimal(&format!("{value:.places$}")) + 0.0,
        Err(_) => decimal(&format!("{value:.14e}")),
    }
}

/// The exponent of a positive finite number in scientific notation; exact, unlike a logarithm.
fn decimal_exponent(value: f64) -> i32 {
    let text = format!("{value:e}");
    let exponent = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok());
    exponent.expect("the text of a finite number has an exponent")
}

fn decimal(text: &str) -> f64 {
    text.parse().expect("the text was formatted as a number")
}

impl BoundsViolation {
    /// The text of the message's `help:` line, where there is an edit to propose.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match *self {
            Self::Empty => Some("list at least one bound".to_owned()),
            Self::Infinite { value, .. } if value > 0.0 => Some("remove this bound".to_owned()),
            Self::NotIncreasing { previous, value, .. } if previous == value => {
                Some("remove one of the two".to_owned())
            }
            Self::EndNotAboveStart { start, end } if end < start => {
                Some(format!("write the smaller bound first: `{}..{}`", Shown(end), Shown(start)))
            }
            _ => None,
        }
    }

    /// The text of the message's `note:` line, where the first line does not give the reason.
    #[must_use]
    pub const fn note(&self) -> Option<&'static str> {
        match self {
            Self::NotANumber { .. } | Self::NotIncreasing { .. } => {
                Some("each bucket counts the observations less than or equal to its bound")
            }
            Self::Infinite { .. } => Some("the last bucket, `+Inf`, is always there"),
            Self::TooMany { .. } => Some("every bound is a series of its own on the server"),
            Self::StartNotPositive { .. } => {
                Some("each bound is a multiple of the one before, which leads nowhere from zero")
            }
            _ => None,
        }
    }
}

impl fmt::Display for BoundsViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("a histogram must have at least one bucket bound"),
            Self::TooMany { count } => {
                write!(f, "a histogram must have at most {BOUNDS_MAX} bucket bounds, not {count}")
            }
            Self::NotANumber { index } => {
                write!(f, "bucket bounds must be numbers, but bound {} is `NaN`", index + 1)
            }
            Self::Infinite { index, value } => {
                let (number, value) = (index + 1, Shown(value));
                write!(f, "bucket bounds must be finite, but bound {number} is `{value}`")
            }
            Self::NotIncreasing { index, previous, value } => {
                let (number, value, previous) = (index + 1, Shown(value), Shown(previous));
                f.write_str("bucket bounds must be strictly increasing, ")?;
                write!(f, "but bound {number} (`{value}`) follows `{previous}`")
            }
            Self::NegativeDuration { index, value } => {
                let (number, value) = (index + 1, Shown(value));
                write!(f, "a duration is never negative, but bound {number} is `{value}`")
            }
            Self::ParameterNotFinite { parameter, value } => {
                write!(f, "the {parameter} of bucket bounds must be finite, not `{}`", Shown(value))
            }
            Self::StartNotPositive { start } => {
                write!(f, "bucket bounds must start above zero here, not at `{}`", Shown(start))
            }
            Self::EndNotAboveStart { start, end } => {
                let (start, end) = (Shown(start), Shown(end));
                write!(f, "bucket bounds must end above their start `{start}`, not at `{end}`")
            }
            Self::FactorNotAboveOne { factor } => {
                write!(f, "the factor of bucket bounds must be above one, not `{}`", Shown(factor))
            }
            Self::WidthNotPositive { width } => {
                write!(f, "the width of buckets must be above zero, not `{}`", Shown(width))
            }
        }
    }
}

impl core::error::Error for BoundsViolation {}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
