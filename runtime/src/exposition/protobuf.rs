//! The protobuf format: messages `io.prometheus.client.MetricFamily`, each after its length.
//!
//! Numbers of fields and their types are those of `prometheus/client_model`, `io/prometheus/client/metrics.proto`. It is
//! the only format that carries native histograms; exemplars and the moments of creation are in it too. What it has no
//! kind for, infos and state sets, are gauges, as in the text format.

use std::time::SystemTime;

use yardstick_model::{Kind, NativeBuckets, Unit};

use super::buckets::cumulative;
use crate::{
    cells::HistogramTotals,
    data::{Exemplar, LabelText},
    registry::{
        Registry,
        gather::{Head, Notes, Point, Sink},
        series::CounterValue,
    },
};

/// What the format is called in HTTP.
#[cfg(feature = "http")]
pub(crate) const CONTENT_TYPE: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// Appends the exposition of all families to `out`.
pub(crate) fn write(registry: &Registry, out: &mut Vec<u8>) {
    let exposes_created = registry.exposes_created();
    let mut writer =
        Writer { out: Encoder(out), family: None, name: String::new(), exposes_created };
    registry.gather_into(&mut writer);
    writer.end_family();
}

/// Numbers of fields, by message.
mod field {
    pub(super) const FAMILY_NAME: u32 = 1;
    pub(super) const FAMILY_HELP: u32 = 2;
    pub(super) const FAMILY_TYPE: u32 = 3;
    pub(super) const FAMILY_METRIC: u32 = 4;
    pub(super) const FAMILY_UNIT: u32 = 5;
    pub(super) const METRIC_LABEL: u32 = 1;
    pub(super) const METRIC_GAUGE: u32 = 2;
    pub(super) const METRIC_COUNTER: u32 = 3;
    pub(super) const METRIC_SUMMARY: u32 = 4;
    pub(super) const METRIC_HISTOGRAM: u32 = 7;
    pub(super) const PAIR_NAME: u32 = 1;
    pub(super) const PAIR_VALUE: u32 = 2;
    pub(super) const VALUE_VALUE: u32 = 1;
    pub(super) const VALUE_EXEMPLAR: u32 = 2;
    pub(super) const VALUE_CREATED: u32 = 3;
    pub(super) const SUMMARY_COUNT: u32 = 1;
    pub(super) const SUMMARY_SUM: u32 = 2;
    pub(super) const SUMMARY_QUANTILE: u32 = 3;
    pub(super) const SUMMARY_CREATED: u32 = 4;
    pub(super) const QUANTILE_QUANTILE: u32 = 1;
    pub(super) const QUANTILE_VALUE: u32 = 2;
    pub(super) const HISTOGRAM_COUNT: u32 = 1;
    pub(super) const HISTOGRAM_SUM: u32 = 2;
    pub(super) const HISTOGRAM_BUCKET: u32 = 3;
    pub(super) const HISTOGRAM_SCHEMA: u32 = 5;
    pub(super) const HISTOGRAM_ZERO_THRESHOLD: u32 = 6;
    pub(super) const HISTOGRAM_ZERO_COUNT: u32 = 7;
    pub(super) const HISTOGRAM_POSITIVE_SPAN: u32 = 12;
    pub(super) const HISTOGRAM_POSITIVE_DELTA: u32 = 13;
    pub(super) const HISTOGRAM_CREATED: u32 = 15;
    pub(super) const HISTOGRAM_EXEMPLAR: u32 = 16;
    pub(super) const BUCKET_CUMULATIVE_COUNT: u32 = 1;
    pub(super) const BUCKET_UPPER_BOUND: u32 = 2;
    pub(super) const BUCKET_EXEMPLAR: u32 = 3;
    pub(super) const SPAN_OFFSET: u32 = 1;
    pub(super) const SPAN_LENGTH: u32 = 2;
    pub(super) const EXEMPLAR_LABEL: u32 = 1;
    pub(super) const EXEMPLAR_VALUE: u32 = 2;
    pub(super) const EXEMPLAR_TIMESTAMP: u32 = 3;
    pub(super) const TIMESTAMP_SECONDS: u32 = 1;
    pub(super) const TIMESTAMP_NANOS: u32 = 2;
}

/// Writes fields, as protobuf's encoding has them: <https://protobuf.dev/programming-guides/encoding/>.
struct Encoder<'a>(&'a mut Vec<u8>);

impl Encoder<'_> {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.0.push(value.to_le_bytes()[0]);
    }

    fn key(&mut self, field: u32, wire_type: u32) {
        self.varint(u64::from(field << 3 | wire_type));
    }

    fn whole(&mut self, field: u32, value: u64) {
        self.key(field, 0);
        self.varint(value);
    }

    /// A number that may be negative, in the encoding that keeps small ones short.
    fn signed(&mut self, field: u32, value: i64) {
        self.whole(field, (value << 1 ^ value >> 63).cast_unsigned());
    }

    fn double(&mut self, field: u32, value: f64) {
        self.key(field, 1);
        self.0.extend(value.to_le_bytes());
    }

    fn text(&mut self, field: u32, text: &str) {
        self.key(field, 2);
        self.varint(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    fn message(&mut self, field: u32, write: impl FnOnce(&mut Self)) {
        self.key(field, 2);
        let start = self.0.len();
        write(self);
        self.put_length(start);
    }

    /// Puts the length of what was written since `start` before it.
    fn put_length(&mut self, start: usize) {
        let length = self.0.len() - start;
        let mut bytes = Vec::with_capacity(10);
        Encoder(&mut bytes).varint(length as u64);
        self.0.splice(start..start, bytes);
    }

    fn pair(&mut self, field: u32, name: &str, value: &str) {
        self.message(field, |pair| {
            pair.text(field::PAIR_NAME, name);
            pair.text(field::PAIR_VALUE, value);
        });
    }

    fn moment(&mut self, field: u32, moment: SystemTime) {
        let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.message(field, |timestamp| {
            timestamp.whole(field::TIMESTAMP_SECONDS, since.as_secs());
            timestamp.whole(field::TIMESTAMP_NANOS, u64::from(since.subsec_nanos()));
        });
    }

    fn exemplar(&mut self, field: u32, exemplar: &Exemplar) {
        self.message(field, |message| {
            for (name, value) in &exemplar.labels {
                message.pair(field::EXEMPLAR_LABEL, name, value);
            }
            message.double(field::EXEMPLAR_VALUE, exemplar.value);
            if let Some(timestamp) = exemplar.timestamp {
                message.moment(field::EXEMPLAR_TIMESTAMP, timestamp);
            }
        });
    }
}

struct Writer<'a> {
    out: Encoder<'a>,
    /// Where the family that began last starts, and the scale of its buckets if they are native.
    family: Option<(usize, Option<NativeBuckets>)>,
    name: String,
    exposes_created: bool,
}

impl Writer<'_> {
    fn end_family(&mut self) {
        if let Some((start, _)) = self.family.take() {
            self.out.put_length(start);
        }
    }

    fn metric(&mut self, labels: &LabelText, field: u32, write: impl FnOnce(&mut Encoder<'_>)) {
        self.out.message(field::FAMILY_METRIC, |metric| {
            for (name, value) in labels.pairs() {
                metric.pair(field::METRIC_LABEL, name, &value);
            }
            metric.message(field, write);
        });
    }

    fn created(&self, notes: &Notes<'_>) -> Option<SystemTime> {
        notes.created.filter(|_| self.exposes_created)
    }
}

impl Sink for Writer<'_> {
    fn wants_native(&self) -> bool {
        true
    }

    fn family(&mut self, family: &Head<'_>) {
        self.end_family();
        self.family = Some((self.out.0.len(), family.native));
        family.name.clone_into(&mut self.name);
        self.out.text(field::FAMILY_NAME, family.name);
        self.out.text(field::FAMILY_HELP, family.help);
        // What the format has no kind for is a gauge.
        let kind = match family.kind {
            Kind::Counter => 0,
            Kind::Summary => 2,
            Kind::Histogram => 4,
            _ => 1,
        };
        self.out.whole(field::FAMILY_TYPE, kind);
        if let Some(unit) = family.unit.and_then(Unit::suffix) {
            self.out.text(field::FAMILY_UNIT, unit);
        }
    }

    fn series(&mut self, labels: &LabelText, point: &Point<'_>, notes: &Notes<'_>) {
        match *point {
            Point::Counter(value) => self.counter(labels, value, notes),
            Point::Gauge(value) => self.gauge(labels, value),
            Point::Histogram { bounds, totals } => self.histogram(labels, bounds, totals, notes),
            Point::Summary { quantiles, totals } => self.summary(labels, quantiles, totals, notes),
            Point::Info => self.gauge(labels, 1.0),
            Point::StateSet { states, current } => {
                let name = std::mem::take(&mut self.name);
                for (index, state) in states.iter().enumerate() {
                    let value = f64::from(u8::from(index == current));
                    self.gauge(&labels.with([(name.as_str(), *state)]), value);
                }
                self.name = name;
            }
        }
    }
}

impl Writer<'_> {
    fn counter(&mut self, labels: &LabelText, value: CounterValue, notes: &Notes<'_>) {
        let created = self.created(notes);
        self.metric(labels, field::METRIC_COUNTER, |counter| {
            counter.double(field::VALUE_VALUE, value.to_f64());
            if let Some(exemplar) = notes.exemplars.last() {
                counter.exemplar(field::VALUE_EXEMPLAR, exemplar);
            }
            created.into_iter().for_each(|at| counter.moment(field::VALUE_CREATED, at));
        });
    }

    fn gauge(&mut self, labels: &LabelText, value: f64) {
        self.metric(labels, field::METRIC_GAUGE, |gauge| {
            gauge.double(field::VALUE_VALUE, value);
        });
    }

    fn histogram(
        &mut self,
        labels: &LabelText,
        bounds: &[f64],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let created = self.created(notes);
        let native = self.family.and_then(|(_, native)| native);
        self.metric(labels, field::METRIC_HISTOGRAM, |histogram| {
            histogram.whole(field::HISTOGRAM_COUNT, totals.count());
            histogram.double(field::HISTOGRAM_SUM, totals.sum());
            match native {
                Some(native) => native_buckets(histogram, native, bounds, totals, notes.exemplars),
                None => classic_buckets(histogram, bounds, totals, notes.exemplars),
            }
            created.into_iter().for_each(|at| histogram.moment(field::HISTOGRAM_CREATED, at));
        });
    }

    fn summary(
        &mut self,
        labels: &LabelText,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let created = self.created(notes);
        self.metric(labels, field::METRIC_SUMMARY, |summary| {
            summary.whole(field::SUMMARY_COUNT, totals.count());
            summary.double(field::SUMMARY_SUM, totals.sum());
            for (quantile, value) in quantiles {
                summary.message(field::SUMMARY_QUANTILE, |message| {
                    message.double(field::QUANTILE_QUANTILE, *quantile);
                    message.double(field::QUANTILE_VALUE, *value);
                });
            }
            created.into_iter().for_each(|at| summary.moment(field::SUMMARY_CREATED, at));
        });
    }
}

/// Cumulative buckets with their bounds, the infinite one last.
fn classic_buckets(
    histogram: &mut Encoder<'_>,
    bounds: &[f64],
    totals: &HistogramTotals,
    exemplars: &[Exemplar],
) {
    for bucket in cumulative(bounds, &totals.buckets, exemplars) {
        histogram.message(field::HISTOGRAM_BUCKET, |message| {
            message.whole(field::BUCKET_CUMULATIVE_COUNT, bucket.cumulative_count);
            message.double(field::BUCKET_UPPER_BOUND, bucket.upper_bound);
            if let Some(exemplar) = bucket.exemplar {
                message.exemplar(field::BUCKET_EXEMPLAR, exemplar);
            }
        });
    }
}

/// The zero bucket, then the others that are not empty: where runs of them begin, and each count as its difference to
/// the one before.
fn native_buckets(
    histogram: &mut Encoder<'_>,
    native: NativeBuckets,
    bounds: &[f64],
    totals: &HistogramTotals,
    exemplars: &[Exemplar],
) {
    histogram.signed(field::HISTOGRAM_SCHEMA, i64::from(native.schema()));
    histogram.double(field::HISTOGRAM_ZERO_THRESHOLD, bounds.first().copied().unwrap_or_default());
    let (zero, positive) = totals.buckets.split_first().unwrap_or((&0, &[]));
    histogram.whole(field::HISTOGRAM_ZERO_COUNT, *zero);
    // The bucket after the zero bucket has the next number.
    let numbered = (i64::from(native.zero_index()) + 1..).zip(positive.iter().copied());
    let filled: Vec<(i64, u64)> = numbered.filter(|(_, count)| *count > 0).collect();
    let mut end = 0;
    for run in filled.chunk_by(|(before, _), (after, _)| before + 1 == *after) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
        histogram.message(field::HISTOGRAM_POSITIVE_SPAN, |span| {
            span.signed(field::SPAN_OFFSET, first - end);
            span.whole(field::SPAN_LENGTH, run.len() as u64);
        });
        end = last + 1;
    }
    let mut before = 0_u64;
    for (_, count) in &filled {
        // The difference of two counts fits, whichever is larger, unless a count is above 2^63.
        histogram.signed(field::HISTOGRAM_POSITIVE_DELTA, count.wrapping_sub(before).cast_signed());
        before = *count;
    }
    for exemplar in exemplars {
        histogram.exemplar(field::HISTOGRAM_EXEMPLAR, exemplar);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_encoded_as_protobuf_has_them() {
        let mut bytes = Vec::new();
        let mut encoder = Encoder(&mut bytes);
        // The examples of protobuf's own description of its encoding.
        encoder.whole(1, 150);
        encoder.text(2, "testing");
        encoder.message(3, |inner| inner.whole(1, 150));
        for (value, expected) in [(0, 0), (-1, 1), (1, 2), (-2, 3), (2_147_483_647, 0xffff_fffe)] {
            let mut one = Vec::new();
            Encoder(&mut one).signed(1, value);
            let mut same = Vec::new();
            Encoder(&mut same).whole(1, expected);
            assert_eq!(one, same, "{value}");
        }
        assert_eq!(bytes, b"\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01");
        let mut long = Vec::new();
        Encoder(&mut long).message(1, |inner| inner.text(1, &"x".repeat(200)));
        assert_eq!(&long[..6], [0x0a, 0xcb, 0x01, 0x0a, 0xc8, 0x01]);
    }
}
