//! Finding the bucket of an observation: a table by magnitude, and two comparisons.
//!
//! A binary search over bounds that come in no order mispredicts about every second of its branches. Bounds are spread
//! over magnitudes, so the magnitude alone leaves one or two of them to compare with, and comparing takes no branch.
//!
//! Invariants:
//!
//! 1. **Cells are in the order of numbers.** `x <= y` implies that the cell of `x` is not behind that of `y`, and equal
//!    numbers, the two zeroes among them, share a cell. So bounds in cells before an observation's are below it, and bounds in
//!    cells behind are not: `start` counts the former, and only the bounds of its own cell are compared.
//! 2. **The answer is that of the search.** [`Scale::bucket`], and [`Scale::bucket_by_table`] where it has one, equals
//!    `bounds.partition_point(|bound| *bound < value)` for every value but NaN.
//! 3. **No bucket is behind that of the last bound**: on this, unchecked reads of words rely.
//! 4. Equal lists share one scale, which is never freed: there are as many as a program has different lists.

use std::{fmt, sync::PoisonError};

use super::histogram::Bounds;
use crate::base::lock::Mutex;

/// Cells of a table: one for each power of two that a word holds.
const CELLS: usize = 64;

/// Bits of a double below those that number its cell: all of the mantissa but one, so that an octave has two cells.
const BITS_WITHIN_CELL: u32 = f64::MANTISSA_DIGITS - 2;

/// The bounds of a histogram, ascending, and what finds the bucket of an observation among them.
///
/// The cells are first: their address is then that of the scale.
#[repr(C)]
pub(crate) struct Scale<T: 'static> {
    cells: [Cell<T>; CELLS],
    ends: Ends<T>,
    bounds: &'static [T],
}

/// The bounds of one magnitude.
#[derive(Clone, Copy)]
struct Cell<T> {
    /// The first two; what no observation is beyond, where there are fewer.
    first: T,
    second: T,
    /// How many bounds are in the cells before.
    start: u32,
    /// How many more there are in this one.
    more: u32,
}

/// What a table tells apart: below and above, all is as if it were these.
pub(crate) struct Ends<T> {
    low: T,
    high: T,
}

/// What can be observed: durations in ticks, and other values.
pub(crate) trait Observed: Copy + PartialOrd + fmt::Debug + 'static {
    /// Nothing that is observed is above it.
    const MAX: Self;

    fn ends(bounds: &[Self]) -> Ends<Self>;

    /// The number of its cell, below [`CELLS`]. That of the low end may be any; from there they count up, and around.
    fn cell(self, ends: &Ends<Self>) -> usize;
}

impl Observed for u64 {
    const MAX: Self = Self::MAX;

    fn ends(_: &[Self]) -> Ends<Self> {
        Ends { low: 0, high: Self::MAX }
    }

    #[inline]
    fn cell(self, _: &Ends<Self>) -> usize {
        // Zero and one share the first cell.
        (self | 1).ilog2() as usize
    }
}

impl Observed for f64 {
    const MAX: Self = Self::INFINITY;

    /// The 32 octaves from just below the smallest bound above zero.
    fn ends(bounds: &[Self]) -> Ends<Self> {
        let smallest = bounds.iter().find(|bound| **bound > 0.0).copied().unwrap_or(0.0);
        // No less than zero, as the order of their bits is not that of numbers there.
        let first = (smallest.to_bits() >> BITS_WITHIN_CELL).saturating_sub(1);
        let behind = (first + CELLS as u64) << BITS_WITHIN_CELL;
        let last = Self::MAX.to_bits().min(behind) - 1;
        Ends { low: Self::from_bits(first << BITS_WITHIN_CELL), high: Self::from_bits(last) }
    }

    #[inline]
    fn cell(self, ends: &Ends<Self>) -> usize {
        // One instruction each, and no branches: which of them an observation takes is as little known before as its
        // value. What `f64::max` does with NaN would be more.
        let within = if self > ends.low { self } else { ends.low };
        let within = if within < ends.high { within } else { ends.high };
        (within.to_bits() >> BITS_WITHIN_CELL) as usize % CELLS
    }
}

impl<T: Observed> Scale<T> {
    fn new(bounds: &'static [T]) -> Self {
        let ends = T::ends(bounds);
        let first = ends.low.cell(&ends);
        let rank = |cell: usize| cell.wrapping_sub(first) % CELLS;
        let count = |from: usize| u32::try_from(from).unwrap_or(u32::MAX);
        let cells = std::array::from_fn(|cell| {
            let start = bounds.partition_point(|bound| rank(bound.cell(&ends)) < rank(cell));
            let end = bounds.partition_point(|bound| rank(bound.cell(&ends)) <= rank(cell));
            let within = &bounds[start..end];
            let bound = |at: usize| within.get(at).copied().unwrap_or(T::MAX);
            Cell {
                first: bound(0),
                second: bound(1),
                start: count(start),
                more: count(within.len().saturating_sub(2)),
            }
        });
        Self { cells, ends, bounds }
    }

    /// The one scale of these bounds, which ascend.
    fn kept(known: &Mutex<Vec<&'static Self>>, bounds: &[T]) -> &'static Self {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scale) = known.iter().find(|scale| scale.bounds == bounds) {
            return scale;
        }
        let scale: &'static Self = Box::leak(Box::new(Self::new(Box::leak(bounds.into()))));
        known.push(scale);
        scale
    }

    pub(crate) const fn bounds(&self) -> &'static [T] {
        self.bounds
    }

    /// The first bucket whose bound is not below `value`; `None` where that takes a search, because more than two bounds
    /// have its magnitude. A search is to be the caller's last call, so that it keeps nothing meanwhile.
    #[inline]
    pub(crate) fn bucket_by_table(&self, value: T) -> Option<usize> {
        let cell = &self.cells[value.cell(&self.ends)];
        let below = u32::from(cell.first < value) + u32::from(cell.second < value);
        (cell.more == 0).then_some((cell.start + below) as usize)
    }

    /// The first bucket whose bound is not below `value`.
    pub(crate) fn bucket(&self, value: T) -> usize {
        let Cell { start, more, .. } = self.cells[value.cell(&self.ends)];
        let (start, end) = (start as usize, (start + more) as usize + 2);
        let within = &self.bounds[start..end.min(self.bounds.len())];
        start + within.partition_point(|bound| *bound < value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Scale<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bounds.fmt(f)
    }
}

impl Bounds {
    /// Bounds of durations, in ticks of the process' clock, ascending.
    pub(crate) fn of_ticks(bounds: &[u64]) -> Self {
        static KNOWN: Mutex<Vec<&Scale<u64>>> = Mutex::new(Vec::new());
        Self::Ticks(Scale::kept(&KNOWN, bounds))
    }

    /// Bounds of any other values, ascending; none of them is NaN.
    pub(crate) fn of_values(bounds: &[f64]) -> Self {
        static KNOWN: Mutex<Vec<&Scale<f64>>> = Mutex::new(Vec::new());
        Self::Values(Scale::kept(&KNOWN, bounds))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{
        collection::vec,
        num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO},
        prelude::*,
    };

    use super::*;

    /// What the tests make, kept as the program keeps its own: a scale lives as long as the process.
    static VALUES: Mutex<Vec<&'static Scale<f64>>> = Mutex::new(Vec::new());
    static TICKS: Mutex<Vec<&'static Scale<u64>>> = Mutex::new(Vec::new());

    fn expect_the_bucket_of_a_search<T: Observed>(scale: &Scale<T>, value: T) {
        let searched = scale.bounds.partition_point(|bound| *bound < value);
        assert_eq!(scale.bucket(value), searched, "{value:?} among {:?}", scale.bounds);
        assert!(searched <= scale.bounds.len());
        if let Some(bucket) = scale.bucket_by_table(value) {
            assert_eq!(bucket, searched, "{value:?} among {:?}, by table", scale.bounds);
        }
    }

    /// The bounds themselves, what is next to them, and the ends of what can be observed.
    fn expect_the_buckets_of_values(mut bounds: Vec<f64>, others: &[f64]) {
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let scale = Scale::kept(&VALUES, &bounds);
        let ends = [0.0, -0.0, 5e-324, -5e-324, f64::MIN_POSITIVE, f64::MAX, f64::MIN];
        let around = |bound: &f64| [bound.next_down(), *bound, bound.next_up(), -bound];
        let near = scale.bounds.iter().flat_map(around).filter(|value| value.is_finite());
        for value in near.chain(ends).chain(others.iter().copied()) {
            expect_the_bucket_of_a_search(scale, value);
        }
    }

    fn expect_the_buckets_of_ticks(mut bounds: Vec<u64>, others: &[u64]) {
        bounds.sort_unstable();
        let scale = Scale::kept(&TICKS, &bounds);
        let around = |bound: &u64| [bound.saturating_sub(1), *bound, bound.saturating_add(1)];
        let near = scale.bounds.iter().flat_map(around);
        for value in near.chain([0, 1, 2, u64::MAX - 1, u64::MAX]).chain(others.iter().copied()) {
            expect_the_bucket_of_a_search(scale, value);
        }
    }

    #[test]
    fn hostile_bounds_of_values() {
        let crowded = |n: u32| (0..n).map(|i| 1.0 + f64::from(i) / 64.0).collect();
        let spread = |n: i32| (0..n).map(|i| 2.0_f64.powi(40 * (i - n / 2))).collect();
        let lists: [Vec<f64>; 16] = [
            vec![],
            vec![0.0],
            vec![-0.0],
            vec![1.0],
            vec![f64::MAX],
            vec![f64::MIN],
            vec![5e-324],
            vec![5e-324, 1e-323, 1.5e-323, f64::MIN_POSITIVE],
            vec![-0.0, 5e-324, 1.0],
            vec![0.0, 1e-310, 2e-310],
            vec![-1e300, -4.0, -3.0, -2.0, -1e-310, 0.0, 1e-310, 2.0, 3.0, 4.0, 1e300],
            vec![f64::MIN, f64::MAX],
            yardstick_model::DEFAULT_SECONDS.to_vec(),
            crowded(40),
            crowded(128),
            spread(40),
        ];
        lists.into_iter().for_each(|bounds| expect_the_buckets_of_values(bounds, &[]));
    }

    #[test]
    fn hostile_bounds_of_ticks() {
        let lists: [Vec<u64>; 8] = [
            vec![],
            vec![0],
            vec![0, 0, 0, 1, 1],
            vec![u64::MAX],
            vec![u64::MAX, u64::MAX, u64::MAX],
            (0..64).map(|shift| 1 << shift).collect(),
            (1_000..1_040).collect(),
            (0..200).map(|i| i * i * i * i * i).collect(),
        ];
        lists.into_iter().for_each(|bounds| expect_the_buckets_of_ticks(bounds, &[]));
    }

    proptest! {
        #[test]
        fn any_bounds_of_values(
            bounds in vec(POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO, 0..40),
            values in vec(POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO, 0..40),
        ) {
            expect_the_buckets_of_values(bounds, &values);
        }

        #[test]
        fn bounds_of_few_magnitudes(
            bounds in vec(-4.0_f64..16.0, 0..40),
            values in vec(-4.0_f64..16.0, 0..40),
            scale in -1_000..1_000_i32,
        ) {
            let scaled = |numbers: &[f64]| -> Vec<f64> {
                numbers.iter().map(|number| number * 2.0_f64.powi(scale)).collect()
            };
            expect_the_buckets_of_values(scaled(&bounds), &scaled(&values));
        }

        #[test]
        fn any_bounds_of_ticks(
            bounds in vec((any::<u64>(), 0_u32..64), 0..40),
            values in vec((any::<u64>(), 0_u32..64), 0..40),
        ) {
            let of_any_magnitude = |numbers: Vec<(u64, u32)>| -> Vec<u64> {
                numbers.into_iter().map(|(number, shift)| number >> shift).collect()
            };
            expect_the_buckets_of_ticks(of_any_magnitude(bounds), &of_any_magnitude(values));
        }
    }

    /// NaN is refused before or after the bucket was found; then, it must not have been one that is not there.
    #[test]
    fn whatever_is_asked_has_a_bucket() {
        for bounds in [&[][..], &[1.0], &yardstick_model::bucket::DEFAULT_SECONDS] {
            let scale = Scale::new(bounds);
            for value in [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(scale.bucket_by_table(value).is_none_or(|bucket| bucket <= bounds.len()));
                assert!(scale.bucket(value) <= bounds.len());
            }
        }
    }

    #[test]
    fn equal_lists_share_a_scale() {
        let [one, same, other] = [[7_321, 7_322], [7_321, 7_322], [7_321, 7_323]].map(|bounds| {
            let Bounds::Ticks(scale) = Bounds::of_ticks(&bounds) else { unreachable!() };
            scale
        });
        assert!(std::ptr::eq(one, same));
        assert!(!std::ptr::eq(one, other));
    }
}
