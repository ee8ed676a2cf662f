//! Native histograms: many buckets that need not be chosen, each a fixed factor wider than the one before.
//!
//! Invariant: a native histogram is an ordinary one whose bounds are those that the format knows by a number, so it
//! counts exactly, in the words of each thread, as the others do. Only its exposition differs.

use std::fmt;

/// The most bounds: with the sum and one bucket more they fill a thread's chunk of words.
const BOUNDS_MAX: u32 = 500;

/// The buckets of a native histogram: a number of buckets for each doubling of the value, over a range.
///
/// Prometheus calls such histograms native (specification: "Native Histograms", of its documentation). They are exposed
/// as that in the protobuf format, which a server asks for when its feature `native-histograms` is on. In the text
/// formats the same histogram has the buckets of whole doublings.
///
/// A series takes one word of 8 bytes for each bucket and thread: the [default](Self::default) has 258. What is below the
/// range counts into the zero bucket; what is above it counts into one bucket more, so a quantile there reads as the
/// end of the range. Negative observations are refused and counted.
///
/// # Examples
///
/// ```
/// use yardstick_model::NativeBuckets;
///
/// let buckets = NativeBuckets::new(4, 0.25, 4.0)?;
/// assert_eq!(buckets.bounds().len(), 17);
/// assert_eq!((buckets.schema(), buckets.zero_index()), (2, -8));
/// # Ok::<(), yardstick_model::NativeBucketsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeBuckets {
    per_doubling: u32,
    /// Powers of two.
    from_exponent: i32,
    to_exponent: i32,
}

/// Why there can be no such buckets.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum NativeBucketsError {
    /// The number for each doubling is not one that the format has.
    PerDoubling(u32),
    /// The range does not go from one positive number to a larger one.
    Range(f64, f64),
    /// There would be more than 500.
    TooMany(u32),
}

impl fmt::Display for NativeBucketsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerDoubling(number) => {
                write!(f, "a doubling has 1, 2, 4, 8 or 16 native buckets, not {number}")
            }
            Self::Range(from, to) => {
                write!(
                    f,
                    "native buckets go from a positive number to a larger one, not from {from} to {to}"
                )
            }
            Self::TooMany(count) => write!(
                f,
                "a native histogram has at most {BOUNDS_MAX} buckets, not {count}; choose fewer for each doubling, or a \
                 smaller range"
            ),
        }
    }
}

impl std::error::Error for NativeBucketsError {}

impl fmt::Display for NativeBuckets {
    /// As attributes write it, with the range in powers of two.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { per_doubling, from_exponent, to_exponent } = self;
        write!(f, "native({per_doubling}, 2^{from_exponent}, 2^{to_exponent})")
    }
}

impl Default for NativeBuckets {
    /// For durations in seconds: 8 for each doubling, so that a quantile is wrong by 4.4 % at most, from a microsecond
    /// to an hour.
    fn default() -> Self {
        Self { per_doubling: 8, from_exponent: -20, to_exponent: 12 }
    }
}

impl NativeBuckets {
    /// 1, 2, 4, 8 or 16 buckets for each doubling, from the power of two at or below `from` to the one at or above `to`.
    ///
    /// # Errors
    ///
    /// When the number is another, the range is none, or there would be more than 500 buckets.
    pub fn new(per_doubling: u32, from: f64, to: f64) -> Result<Self, NativeBucketsError> {
        if !matches!(per_doubling, 1 | 2 | 4 | 8 | 16) {
            return Err(NativeBucketsError::PerDoubling(per_doubling));
        }
        if !(from.is_normal() && to.is_normal() && from > 0.0 && from < to) {
            return Err(NativeBucketsError::Range(from, to));
        }
        #[allow(
            clippy::cast_possible_truncation,
            reason = "exponents of doubles stay within 1,100"
        )]
        let (from_exponent, to_exponent) =
            (from.log2().floor() as i32, to.log2().ceil().min(1_023.0) as i32);
        let buckets = Self { per_doubling, from_exponent, to_exponent };
        match buckets.len() {
            count if count <= BOUNDS_MAX => Ok(buckets),
            count => Err(NativeBucketsError::TooMany(count)),
        }
    }

    /// What [`parts`](Self::parts) answered, in generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_parts(per_doubling: u32, from_exponent: i32, to_exponent: i32) -> Self {
        Self { per_doubling, from_exponent, to_exponent }
    }

    /// Buckets for each doubling, and the exponents of the range.
    #[doc(hidden)]
    #[must_use]
    pub const fn parts(self) -> (u32, i32, i32) {
        (self.per_doubling, self.from_exponent, self.to_exponent)
    }

    /// How many buckets there are for each doubling.
    #[must_use]
    pub const fn per_doubling(self) -> u32 {
        self.per_doubling
    }

    /// How many bounds there are.
    const fn len(self) -> u32 {
        self.to_exponent.abs_diff(self.from_exponent) * self.per_doubling + 1
    }

    /// The upper bounds: the zero bucket's, then those of the others.
    #[must_use]
    pub fn bounds(self) -> Vec<f64> {
        let bound = |number: u32| {
            let part = f64::from(number % self.per_doubling) / f64::from(self.per_doubling);
            let whole = self.from_exponent + (number / self.per_doubling).cast_signed();
            part.exp2() * f64::from(whole).exp2()
        };
        (0..self.len()).map(bound).collect()
    }

    /// The format's number for the resolution: there are 2 to this power buckets for each doubling.
    #[must_use]
    pub const fn schema(self) -> i32 {
        self.per_doubling.trailing_zeros().cast_signed()
    }

    /// The format's number of the zero bucket's bound, as if it were a bucket.
    #[must_use]
    pub const fn zero_index(self) -> i32 {
        self.from_exponent * self.per_doubling.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_double_in_the_number_of_steps_that_was_asked_for() {
        let buckets = NativeBuckets::new(4, 0.3, 3.0).expect("a range");
        let bounds = buckets.bounds();
        assert_eq!((bounds.len(), bounds[0], bounds[4], bounds[12]), (17, 0.25, 0.5, 2.0));
        assert!((bounds[1] - 0.25 * 2_f64.powf(0.25)).abs() < 1e-15);
        assert_eq!((buckets.schema(), buckets.zero_index()), (2, -8));
        assert_eq!(NativeBuckets::default().bounds().len(), 257);
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_reason() {
        use NativeBucketsError::{PerDoubling, Range, TooMany};
        assert_eq!(NativeBuckets::new(3, 1.0, 2.0), Err(PerDoubling(3)));
        for (from, to) in [(0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(NativeBuckets::new(8, from, to), Err(Range(from, to)));
        }
        assert!(NativeBuckets::new(8, f64::NAN, 1.0).is_err());
        let error = NativeBuckets::new(16, 1e-9, 1e9).expect_err("too many");
        assert_eq!(error, TooMany(961));
        assert!(error.to_string().contains("at most 500"));
    }
}
