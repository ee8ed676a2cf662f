//! Quantiles of many observations in bounded memory: a sketch with a promised relative error.
//!
//! Invariants: an answer is off by at most [`RELATIVE_ERROR`] of its value, lies between the smallest and the largest
//! observation, which are kept as they are, and never falls from one quantile to a higher one. Only a sketch of more
//! than [`BINS_MAX`] occupied bins of one sign gives up accuracy, and that near zero alone.
//!
//! The bins are those of `DDSketch` (Masson, Rim and Lee, VLDB 2019): each is wider than the one before it by the same
//! factor. Only occupied ones are kept, so that one observation far from all others costs one bin and no accuracy.

/// Quantiles are off by at most this part of their value, for positive and negative values alike.
pub(super) const RELATIVE_ERROR: f64 = 0.01;

/// Occupied bins of each sign. With the error above, this many cover a ratio of 7e8 without a gap, from a microsecond
/// to twelve minutes; observations that spread further have gaps between them. At 16 bytes a bin, a sketch has at most
/// 16 KiB for each sign.
pub(super) const BINS_MAX: usize = 1_024;

/// The observations of one sign, by magnitude.
#[derive(Clone, Debug, Default)]
struct Bins {
    /// The index of each occupied bin and the observations in it, in order.
    occupied: Vec<(i32, u64)>,
}

/// Observations, by their approximate values.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    negative: Bins,
    zeroes: u64,
    positive: Bins,
    smallest: f64,
    largest: f64,
}

impl Sketch {
    pub(super) const fn new() -> Self {
        Self {
            negative: Bins { occupied: Vec::new() },
            zeroes: 0,
            positive: Bins { occupied: Vec::new() },
            smallest: f64::INFINITY,
            largest: f64::NEG_INFINITY,
        }
    }

    /// Adds `count` observations of `value`, which is finite.
    pub(super) fn add(&mut self, value: f64, count: u64) {
        if count == 0 {
            return;
        }
        self.smallest = self.smallest.min(value);
        self.largest = self.largest.max(value);
        match Bins::index(value.abs()) {
            None => self.zeroes = self.zeroes.saturating_add(count),
            Some(index) if value < 0.0 => self.negative.add(index, count),
            Some(index) => self.positive.add(index, count),
        }
    }

    /// Adds all observations of another sketch.
    pub(super) fn merge(&mut self, other: &Self) {
        self.smallest = self.smallest.min(other.smallest);
        self.largest = self.largest.max(other.largest);
        self.zeroes = self.zeroes.saturating_add(other.zeroes);
        for (own, others) in
            [(&mut self.negative, &other.negative), (&mut self.positive, &other.positive)]
        {
            others.occupied.iter().for_each(|(index, count)| own.add(*index, *count));
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.negative.count().saturating_add(self.zeroes).saturating_add(self.positive.count())
    }

    /// The value that this part of the observations, from 0 to 1, is not above; `None` without observations and for
    /// what is no such part.
    pub(super) fn quantile(&self, quantile: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&quantile) {
            return None;
        }
        let last = count - 1;
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank beyond 2^53 is off by less than the error"
        )]
        let rank = ((quantile * last as f64) as u64).min(last);
        if rank == 0 {
            return Some(self.smallest);
        }
        if rank == last {
            return Some(self.largest);
        }
        Some(self.at(rank).clamp(self.smallest, self.largest))
    }

    /// The approximate value of the observation with `rank` smaller ones before it.
    fn at(&self, rank: u64) -> f64 {
        let negative = self.negative.occupied.iter().rev();
        let negative = negative.map(|(index, count)| (-Bins::value(*index), *count));
        let positive = self.positive.occupied.iter();
        let positive = positive.map(|(index, count)| (Bins::value(*index), *count));
        let mut passed = 0_u64;
        negative
            .chain([(0.0, self.zeroes)])
            .chain(positive)
            .find(|(_, count)| {
                passed = passed.saturating_add(*count);
                passed > rank
            })
            .map_or(self.largest, |(value, _)| value)
    }
}

impl Bins {
    /// The factor between the bounds of neighbours, so that no value of a bin is further from its middle than the error.
    const GROWTH: f64 = (1.0 + RELATIVE_ERROR) / (1.0 - RELATIVE_ERROR);

    /// The bin of a magnitude; `None` for zero and for what a double only holds with fewer digits.
    fn index(magnitude: f64) -> Option<i32> {
        #[allow(clippy::cast_possible_truncation, reason = "below forty thousand, of either sign")]
        let index = (magnitude.ln() / Self::GROWTH.ln()).ceil() as i32;
        (magnitude >= f64::MIN_POSITIVE).then_some(index)
    }

    /// What stands for all values of a bin.
    fn value(index: i32) -> f64 {
        (f64::from(index) * Self::GROWTH.ln()).exp() * 2.0 / (Self::GROWTH + 1.0)
    }

    fn add(&mut self, index: i32, count: u64) {
        match self.occupied.binary_search_by_key(&index, |(known, _)| *known) {
            Ok(place) => {
                let known = &mut self.occupied[place].1;
                *known = known.saturating_add(count);
            }
            Err(place) if self.occupied.len() < BINS_MAX => {
                self.occupied.insert(place, (index, count));
            }
            // Full: the two smallest magnitudes are put together, because the least is lost where values are small.
            Err(0) => self.occupied[0].1 = self.occupied[0].1.saturating_add(count),
            Err(place) => {
                let (_, smallest) = self.occupied.remove(0);
                self.occupied.insert(place - 1, (index, count));
                self.occupied[0].1 = self.occupied[0].1.saturating_add(smallest);
            }
        }
    }

    fn count(&self) -> u64 {
        self.occupied.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Beyond the promise, for the rounding of logarithms.
    const ROUNDING: f64 = 1e-9;

    fn sketch_of(values: &[f64]) -> Sketch {
        let mut sketch = Sketch::new();
        values.iter().for_each(|value| sketch.add(*value, 1));
        sketch
    }

    #[test]
    fn one_value_far_from_all_others_moves_no_other_answer() {
        let mut values = vec![100.0; 1_000];
        values.push(1e12);
        let sketch = sketch_of(&values);
        let median = sketch.quantile(0.5).expect("not empty");
        assert!((99.0..=101.0).contains(&median), "{median}");
        assert_eq!(sketch.quantile(1.0), Some(1e12));
        values.push(1e-12);
        values.push(-1e12);
        let median = sketch_of(&values).quantile(0.5).expect("not empty");
        assert!((99.0..=101.0).contains(&median), "{median}");
    }

    #[test]
    fn a_single_value_is_every_quantile() {
        for value in [1.0, -1.0, 0.0, 1e-300, f64::MAX, f64::MIN, f64::MIN_POSITIVE / 2.0] {
            let sketch = sketch_of(&[value]);
            for quantile in [0.0, 0.5, 0.99, 1.0] {
                assert_eq!(sketch.quantile(quantile), Some(value), "{quantile}");
            }
        }
    }

    #[test]
    fn nothing_has_no_quantile_and_nonsense_is_none() {
        assert_eq!(Sketch::new().quantile(0.5), None);
        for quantile in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(sketch_of(&[1.0]).quantile(quantile), None);
        }
    }

    #[test]
    fn memory_is_bounded_and_large_values_stay_right() {
        let mut sketch = Sketch::new();
        let mut value = 1e-200;
        while value < 1e200 {
            sketch.add(value, 1);
            value *= 1.01;
        }
        assert_eq!(sketch.positive.occupied.len(), BINS_MAX);
        let (count, rank) = (sketch.count(), sketch.count() - 100);
        #[allow(clippy::cast_precision_loss, reason = "tens of thousands")]
        let quantile = (rank as f64 + 0.5) / (count - 1) as f64;
        let exact = value / 1.01_f64.powi(100);
        let found = sketch.quantile(quantile).expect("not empty");
        assert!((found / exact - 1.0).abs() < 0.03, "{found:e} for {exact:e}");
    }

    /// Values of every magnitude and both signs, many of them alike.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let any = prop_oneof![
            -1e3..1e3,
            (-300.0..300.0).prop_map(|exponent| 10.0_f64.powf(exponent)),
            (-300.0..300.0).prop_map(|exponent| -(10.0_f64.powf(exponent))),
            Just(0.0),
            Just(100.0),
        ];
        prop::collection::vec(any, 1..300)
    }

    proptest! {
        #[test]
        fn answers_are_within_the_error(values in values(), quantile in 0.0..=1.0) {
            let found = sketch_of(&values).quantile(quantile).expect("not empty");
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundreds")]
            let exact = sorted[(quantile * (sorted.len() - 1) as f64) as usize];
            let allowed = exact.abs() * (RELATIVE_ERROR + ROUNDING);
            prop_assert!((found - exact).abs() <= allowed, "{} for {}", found, exact);
        }

        #[test]
        fn answers_never_fall_nor_leave_the_range(values in values(), mut quantiles in prop::collection::vec(0.0..=1.0, 2..20)) {
            let sketch = sketch_of(&values);
            quantiles.sort_by(f64::total_cmp);
            let answers: Vec<f64> =
                quantiles.iter().filter_map(|quantile| sketch.quantile(*quantile)).collect();
            prop_assert_eq!(answers.len(), quantiles.len());
            prop_assert!(answers.is_sorted());
            let (smallest, largest) = (sketch.quantile(0.0), sketch.quantile(1.0));
            prop_assert!(answers.iter().all(|answer| Some(*answer) >= smallest && Some(*answer) <= largest));
            prop_assert!(values.iter().all(|value| Some(*value) >= smallest && Some(*value) <= largest));
        }

        #[test]
        fn parts_put_together_answer_as_the_whole(values in values(), at in any::<prop::sample::Index>(), quantile in 0.0..=1.0) {
            let (left, right) = values.split_at(at.index(values.len()));
            let mut merged = sketch_of(left);
            merged.merge(&sketch_of(right));
            prop_assert_eq!(merged.quantile(quantile), sketch_of(&values).quantile(quantile));
        }
    }
}
