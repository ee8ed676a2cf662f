//! What the text formats have in common: lines of a name, labels and a value.

use std::time::SystemTime;

use yardstick_model::{write_bound, write_value};

use super::buckets::cumulative;
use crate::data::{Exemplar, LabelText};

/// Writes the samples of one family after the other.
pub(super) struct Lines<'a> {
    pub(super) out: &'a mut String,
    /// The name of the family that began last, behind which `{` or `_bucket{` stands: with few pieces, a line takes half
    /// the time.
    open: String,
    bucket_open: String,
    /// What the lines of one histogram begin with.
    start: String,
    bounds: BoundTexts,
}

/// The texts of the bounds that were written last: the histograms of a family have the same, and finding the shortest
/// digits of a number takes longer than all the rest of its line.
#[derive(Default)]
struct BoundTexts {
    bounds: Vec<f64>,
    /// `le="0.005"} ` for each bound and for the infinite one.
    texts: String,
    ends: Vec<usize>,
}

impl BoundTexts {
    /// Makes them those of `bounds`.
    fn render(&mut self, bounds: &[f64]) {
        let is_same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
        let is_known = self.bounds.len() == bounds.len()
            && !self.ends.is_empty()
            && self.bounds.iter().zip(bounds).all(is_same);
        if is_known {
            return;
        }
        self.bounds.clear();
        self.bounds.extend_from_slice(bounds);
        self.texts.clear();
        self.ends.clear();
        for bound in bounds.iter().copied().chain([f64::INFINITY]) {
            self.texts.push_str("le=\"");
            write_bound(bound, &mut self.texts);
            self.texts.push_str("\"} ");
            self.ends.push(self.texts.len());
        }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.texts[*start..*end])
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        let (open, bucket_open, start) = Default::default();
        Self { out, open, bucket_open, start, bounds: BoundTexts::default() }
    }

    /// A family of this name begins.
    pub(super) fn begin(&mut self, name: &str) {
        for (open, end) in [(&mut self.open, "{"), (&mut self.bucket_open, "_bucket{")] {
            name.clone_into(open);
            open.push_str(end);
        }
    }

    fn name(&self) -> &str {
        self.open.strip_suffix('{').unwrap_or_default()
    }

    /// A whole number in decimal digits.
    pub(super) fn integer(&mut self, value: u64) {
        self.out.push_str(itoa::Buffer::new().format(value));
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
        self.integer(value);
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
        self.bounds.render(bounds);
        self.start.clear();
        for part in [&*self.bucket_open, labels, if labels.is_empty() { "" } else { "," }] {
            self.start.push_str(part);
        }
        for (bucket, bound) in cumulative(bounds, counts, exemplars).zip(self.bounds.iter()) {
            self.out.push_str(&self.start);
            self.out.push_str(bound);
            self.out.push_str(itoa::Buffer::new().format(bucket.cumulative_count));
            if let Some(exemplar) = bucket.exemplar {
                write_exemplar(exemplar, self.out);
            }
            self.out.push('\n');
        }
    }

    /// ` # {labels} value timestamp`, behind a sample.
    pub(super) fn exemplar(&mut self, exemplar: &Exemplar) {
        write_exemplar(exemplar, self.out);
    }

    /// A moment in seconds, with all the milliseconds that are known.
    pub(super) fn moment(&mut self, moment: SystemTime) {
        write_moment(moment, self.out);
    }

    /// One sample for each quantile.
    pub(super) fn quantiles(&mut self, labels: &str, quantiles: &[(f64, f64)]) {
        for (quantile, value) in quantiles {
            self.float("", labels, Some(("quantile", *quantile)), *value);
        }
    }

    /// One sample for each state, in a label that is called as the family is.
    pub(super) fn states(&mut self, labels: &LabelText, states: &[&str], current: usize) {
        for (index, state) in states.iter().enumerate() {
            let labels = labels.with([(self.name(), *state)]);
            self.whole("", labels.as_str(), None, u64::from(index == current));
        }
    }

    /// `name suffix {labels, le or quantile} `, up to the value.
    #[inline]
    pub(super) fn start(&mut self, suffix: &str, labels: &str, number: Option<(&str, f64)>) {
        if suffix.is_empty() && number.is_none() && !labels.is_empty() {
            for part in [&*self.open, labels, "} "] {
                self.out.push_str(part);
            }
        } else {
            self.start_any(suffix, labels, number);
        }
    }

    fn start_any(&mut self, suffix: &str, labels: &str, number: Option<(&str, f64)>) {
        self.out.push_str(self.open.strip_suffix('{').unwrap_or_default());
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

fn write_exemplar(exemplar: &Exemplar, out: &mut String) {
    let labels = LabelText::of_owned(&exemplar.labels);
    for part in [" # {", labels.as_str(), "} "] {
        out.push_str(part);
    }
    write_value(exemplar.value, out);
    if let Some(timestamp) = exemplar.timestamp {
        out.push(' ');
        write_moment(timestamp, out);
    }
}

fn write_moment(moment: SystemTime, out: &mut String) {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    out.push_str(itoa::Buffer::new().format(since.as_secs()));
    let milliseconds = since.subsec_millis();
    out.push_str(match milliseconds {
        0..10 => ".00",
        10..100 => ".0",
        _ => ".",
    });
    out.push_str(itoa::Buffer::new().format(milliseconds));
}
