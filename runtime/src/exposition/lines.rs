//! What the text formats have in common: lines of a name, labels and a value.

use std::{fmt::Write as _, time::SystemTime};

use yardstick_model::{parse_label_set, render_label_set, write_bound, write_integer, write_value};

use super::buckets::cumulative;
use crate::registry::Exemplar;

/// Writes the samples of one family after the other.
pub(super) struct Lines<'a> {
    pub(super) out: &'a mut String,
    /// The name of the family that began last.
    pub(super) name: String,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(out: &'a mut String) -> Self {
        Self { out, name: String::new() }
    }

    /// Text as it stands.
    pub(super) fn text(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.push_str(part));
    }

    /// A sample that is a whole number. `number` is the label `le` or `quantile`.
    pub(super) fn whole(
        &mut self,
        suffix: &str,
        labels: &str,
        number: Option<(&str, f64)>,
        value: u64,
    ) {
        self.start(suffix, labels, number);
        write_integer(value, self.out);
        self.out.push('\n');
    }

    /// Any other sample.
    pub(super) fn float(
        &mut self,
        suffix: &str,
        labels: &str,
        number: Option<(&str, f64)>,
        value: f64,
    ) {
        self.start(suffix, labels, number);
        write_value(value, self.out);
        self.out.push('\n');
    }

    /// One sample for each bucket, cumulative, with the exemplar whose value belongs there.
    pub(super) fn buckets(
        &mut self,
        labels: &str,
        bounds: &[f64],
        counts: &[u64],
        exemplars: &[Exemplar],
    ) {
        for bucket in cumulative(bounds, counts, exemplars) {
            self.start("_bucket", labels, Some(("le", bucket.upper_bound)));
            write_integer(bucket.cumulative_count, self.out);
            bucket.exemplar.into_iter().for_each(|exemplar| self.exemplar(exemplar));
            self.out.push('\n');
        }
    }

    /// ` # {labels} value timestamp`, behind a sample.
    pub(super) fn exemplar(&mut self, exemplar: &Exemplar) {
        let pairs = exemplar.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let labels = render_label_set(pairs);
        self.text(&[" # {", &labels, "} "]);
        write_value(exemplar.value, self.out);
        if let Some(timestamp) = exemplar.timestamp {
            self.out.push(' ');
            self.moment(timestamp);
        }
    }

    /// A moment in seconds, with all the milliseconds that are known.
    pub(super) fn moment(&mut self, moment: SystemTime) {
        let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{}.{:03}", since.as_secs(), since.subsec_millis());
    }

    /// One sample for each quantile.
    pub(super) fn quantiles(&mut self, labels: &str, quantiles: &[(f64, f64)]) {
        for (quantile, value) in quantiles {
            self.float("", labels, Some(("quantile", *quantile)), *value);
        }
    }

    /// One sample for each state, in a label that is called as the family is.
    pub(super) fn states(&mut self, labels: &str, states: &[&str], current: usize) {
        let pairs = parse_label_set(labels).unwrap_or_default();
        for (index, state) in states.iter().enumerate() {
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let labels = render_label_set(pairs.chain([(self.name.as_str(), *state)]));
            self.whole("", &labels, None, u64::from(index == current));
        }
    }

    /// `name suffix {labels, le or quantile} `, up to the value.
    pub(super) fn start(&mut self, suffix: &str, labels: &str, number: Option<(&str, f64)>) {
        self.out.push_str(&self.name);
        self.out.push_str(suffix);
        if labels.is_empty() && number.is_none() {
            self.out.push(' ');
            return;
        }
        self.out.push('{');
        self.out.push_str(labels);
        if let Some((label, value)) = number {
            for part in [if labels.is_empty() { "" } else { "," }, label, "=\""] {
                self.out.push_str(part);
            }
            write_bound(value, self.out);
            self.out.push('"');
        }
        self.out.push_str("} ");
    }
}
