//! Cumulative buckets, for every format.

use crate::data::Exemplar;

/// One bucket, as expositions have it.
pub(super) struct Bucket<'a> {
    pub(super) upper_bound: f64,
    /// Observations up to the bound.
    pub(super) cumulative_count: u64,
    /// The latest exemplar whose value belongs here and to no bucket before.
    pub(super) exemplar: Option<&'a Exemplar>,
}

/// The buckets in order, the infinite one last. `counts` are those of each bucket alone.
pub(super) fn cumulative<'a>(
    bounds: &[f64],
    counts: &[u64],
    exemplars: &'a [Exemplar],
) -> impl Iterator<Item = Bucket<'a>> {
    let (mut cumulative_count, mut lower) = (0_u64, f64::NEG_INFINITY);
    let bounds = bounds.iter().copied().chain([f64::INFINITY]);
    bounds.zip(counts).map(move |(upper_bound, count)| {
        cumulative_count = cumulative_count.wrapping_add(*count);
        let belongs =
            |exemplar: &&Exemplar| exemplar.value > lower && exemplar.value <= upper_bound;
        let exemplar = exemplars.iter().rfind(belongs);
        lower = upper_bound;
        Bucket { upper_bound, cumulative_count, exemplar }
    })
}
