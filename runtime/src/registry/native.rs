//! Native histograms: ordinary ones, whose bounds are those that the format knows by a number.
//!
//! Invariant: they count exactly, in the words of each thread, as the others do. Only their exposition differs.

use yardstick_model::NativeBuckets;

use super::spec::interned_values;
use crate::cells::HistogramTotals;

/// The bounds, for ever.
pub(crate) fn bounds(native: NativeBuckets) -> &'static [f64] {
    interned_values(&native.bounds())
}

/// The bounds of whole doublings, for formats that know no others.
pub(crate) fn doubling_bounds(native: NativeBuckets, bounds: &[f64]) -> Vec<f64> {
    bounds.iter().copied().step_by(native.per_doubling() as usize).collect()
}

/// What was counted below them.
pub(super) fn doubling_totals(native: NativeBuckets, totals: &HistogramTotals) -> HistogramTotals {
    let (zero, rest) = totals.buckets.split_first().unwrap_or((&0, &[]));
    let whole = rest.chunks(native.per_doubling() as usize);
    let whole = whole.map(|chunk| chunk.iter().fold(0_u64, |sum, count| sum.wrapping_add(*count)));
    HistogramTotals { buckets: [*zero].into_iter().chain(whole).collect(), ..*totals }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doublings_hold_what_their_buckets_do() {
        let native = NativeBuckets::new(4, 0.3, 3.0).expect("a range");
        assert_eq!(doubling_bounds(native, bounds(native)), [0.25, 0.5, 1.0, 2.0, 4.0]);
        let totals = HistogramTotals { buckets: (1..=18).collect(), ..HistogramTotals::default() };
        assert_eq!(doubling_totals(native, &totals).buckets, [1, 14, 30, 46, 62, 18]);
    }
}
