//! The protobuf format: messages `io.prometheus.client.MetricFamily`, each after its length.
//!
//! Numbers of fields and their types are those of `prometheus/client_model`, `io/prometheus/client/metrics.proto`. It is
//! the only format that carries native histograms; exemplars and the moments of creation are in it too. What it has no
//! kind for, infos and state sets, are gauges, as in the text format.

use std::time::SystemTime;

use yardstick_model::{NativeBuckets, Unit, parse_label_set};

use super::buckets::cumulative;
use crate::{
    cells::HistogramTotals,
    data::Exemplar,
    registry::{
        Registry,
        gather::{Head, Notes, Sink},
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
    pub(super) mod family {
        pub(in super::super) const NAME: u32 = 1;
        pub(in super::super) const HELP: u32 = 2;
        pub(in super::super) const TYPE: u32 = 3;
        pub(in super::super) const METRIC: u32 = 4;
        pub(in super::super) const UNIT: u32 = 5;
    }
    pub(super) mod metric {
        pub(in super::super) const LABEL: u32 = 1;
        pub(in super::super) const GAUGE: u32 = 2;
        pub(in super::super) const COUNTER: u32 = 3;
        pub(in super::super) const SUMMARY: u32 = 4;
        pub(in super::super) const HISTOGRAM: u32 = 7;
    }
    pub(super) mod pair {
        pub(in super::super) const NAME: u32 = 1;
        pub(in super::super) const VALUE: u32 = 2;
    }
    pub(super) mod value {
        pub(in super::super) const VALUE: u32 = 1;
        pub(in super::super) const EXEMPLAR: u32 = 2;
        pub(in super::super) const CREATED: u32 = 3;
    }
    pub(super) mod summary {
        pub(in super::super) const COUNT: u32 = 1;
        pub(in super::super) const SUM: u32 = 2;
        pub(in super::super) const QUANTILE: u32 = 3;
        pub(in super::super) const CREATED: u32 = 4;
    }
    pub(super) mod quantile {
        pub(in super::super) const QUANTILE: u32 = 1;
        pub(in super::super) const VALUE: u32 = 2;
    }
    pub(super) mod histogram {
        pub(in super::super) const COUNT: u32 = 1;
        pub(in super::super) const SUM: u32 = 2;
        pub(in super::super) const BUCKET: u32 = 3;
        pub(in super::super) const SCHEMA: u32 = 5;
        pub(in super::super) const ZERO_THRESHOLD: u32 = 6;
        pub(in super::super) const ZERO_COUNT: u32 = 7;
        pub(in super::super) const POSITIVE_SPAN: u32 = 12;
        pub(in super::super) const POSITIVE_DELTA: u32 = 13;
        pub(in super::super) const CREATED: u32 = 15;
        pub(in super::super) const EXEMPLAR: u32 = 16;
    }
    pub(super) mod bucket {
        pub(in super::super) const CUMULATIVE_COUNT: u32 = 1;
        pub(in super::super) const UPPER_BOUND: u32 = 2;
        pub(in super::super) const EXEMPLAR: u32 = 3;
    }
    pub(super) mod span {
        pub(in super::super) const OFFSET: u32 = 1;
        pub(in super::super) const LENGTH: u32 = 2;
    }
    pub(super) mod exemplar {
        pub(in super::super) const LABEL: u32 = 1;
        pub(in super::super) const VALUE: u32 = 2;
        pub(in super::super) const TIMESTAMP: u32 = 3;
    }
    pub(super) mod timestamp {
        pub(in super::super) const SECONDS: u32 = 1;
        pub(in super::super) const NANOS: u32 = 2;
    }
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

    fn pairs<'p>(&mut self, field: u32, pairs: impl IntoIterator<Item = (&'p str, &'p str)>) {
        for (name, value) in pairs {
            self.message(field, |pair| {
                pair.text(field::pair::NAME, name);
                pair.text(field::pair::VALUE, value);
            });
        }
    }

    fn moment(&mut self, field: u32, moment: SystemTime) {
        let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.message(field, |timestamp| {
            timestamp.whole(field::timestamp::SECONDS, since.as_secs());
            timestamp.whole(field::timestamp::NANOS, u64::from(since.subsec_nanos()));
        });
    }

    fn exemplar(&mut self, field: u32, exemplar: &Exemplar) {
        self.message(field, |message| {
            let pairs = exemplar.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            message.pairs(field::exemplar::LABEL, pairs);
            message.double(field::exemplar::VALUE, exemplar.value);
            if let Some(timestamp) = exemplar.timestamp {
                message.moment(field::exemplar::TIMESTAMP, timestamp);
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

    fn metric<'p>(
        &mut self,
        labels: impl IntoIterator<Item = (&'p str, &'p str)>,
        field: u32,
        write: impl FnOnce(&mut Encoder<'_>),
    ) {
        self.out.message(field::family::METRIC, |metric| {
            metric.pairs(field::metric::LABEL, labels);
            metric.message(field, write);
        });
    }

    fn created(&self, notes: &Notes<'_>) -> Option<SystemTime> {
        notes.created.filter(|_| self.exposes_created)
    }
}

/// A label set's pairs from its canonical text.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn of(labels: &str) -> Self {
        Self(parse_label_set(labels).unwrap_or_default())
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
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
        self.out.text(field::family::NAME, family.name);
        self.out.text(field::family::HELP, family.help);
        let kind = match family.kind.as_text_format_str() {
            "counter" => 0,
            "gauge" => 1,
            "summary" => 2,
            "histogram" => 4,
            _ => 3,
        };
        self.out.whole(field::family::TYPE, kind);
        if let Some(unit) = family.unit.and_then(Unit::suffix) {
            self.out.text(field::family::UNIT, unit);
        }
    }

    fn counter(&mut self, labels: &str, value: CounterValue, notes: &Notes<'_>) {
        let created = self.created(notes);
        self.metric(Pairs::of(labels).iter(), field::metric::COUNTER, |counter| {
            counter.double(field::value::VALUE, value.to_f64());
            if let Some(exemplar) = notes.exemplars.last() {
                counter.exemplar(field::value::EXEMPLAR, exemplar);
            }
            created.into_iter().for_each(|at| counter.moment(field::value::CREATED, at));
        });
    }

    fn gauge(&mut self, labels: &str, value: f64) {
        self.metric(Pairs::of(labels).iter(), field::metric::GAUGE, |gauge| {
            gauge.double(field::value::VALUE, value);
        });
    }

    fn histogram(
        &mut self,
        labels: &str,
        bounds: &[f64],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let created = self.created(notes);
        let native = self.family.and_then(|(_, native)| native);
        self.metric(Pairs::of(labels).iter(), field::metric::HISTOGRAM, |histogram| {
            histogram.whole(field::histogram::COUNT, totals.count());
            histogram.double(field::histogram::SUM, totals.sum());
            match native {
                Some(native) => native_buckets(histogram, native, bounds, totals, notes.exemplars),
                None => classic_buckets(histogram, bounds, totals, notes.exemplars),
            }
            created.into_iter().for_each(|at| histogram.moment(field::histogram::CREATED, at));
        });
    }

    fn summary(
        &mut self,
        labels: &str,
        quantiles: &[(f64, f64)],
        totals: &HistogramTotals,
        notes: &Notes<'_>,
    ) {
        let created = self.created(notes);
        self.metric(Pairs::of(labels).iter(), field::metric::SUMMARY, |summary| {
            summary.whole(field::summary::COUNT, totals.count());
            summary.double(field::summary::SUM, totals.sum());
            for (quantile, value) in quantiles {
                summary.message(field::summary::QUANTILE, |message| {
                    message.double(field::quantile::QUANTILE, *quantile);
                    message.double(field::quantile::VALUE, *value);
                });
            }
            created.into_iter().for_each(|at| summary.moment(field::summary::CREATED, at));
        });
    }

    fn info(&mut self, labels: &str) {
        self.gauge(labels, 1.0);
    }

    fn state_set(&mut self, labels: &str, states: &[&str], current: usize) {
        let pairs = Pairs::of(labels);
        let name = std::mem::take(&mut self.name);
        for (index, state) in states.iter().enumerate() {
            let mut all: Vec<_> = pairs.iter().chain([(name.as_str(), *state)]).collect();
            all.sort_unstable();
            self.metric(all, field::metric::GAUGE, |gauge| {
                gauge.double(field::value::VALUE, f64::from(u8::from(index == current)));
            });
        }
        self.name = name;
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
        histogram.message(field::histogram::BUCKET, |message| {
            message.whole(field::bucket::CUMULATIVE_COUNT, bucket.cumulative_count);
            message.double(field::bucket::UPPER_BOUND, bucket.upper_bound);
            if let Some(exemplar) = bucket.exemplar {
                message.exemplar(field::bucket::EXEMPLAR, exemplar);
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
    histogram.signed(field::histogram::SCHEMA, i64::from(native.schema()));
    histogram.double(field::histogram::ZERO_THRESHOLD, bounds.first().copied().unwrap_or_default());
    let (zero, positive) = totals.buckets.split_first().unwrap_or((&0, &[]));
    histogram.whole(field::histogram::ZERO_COUNT, *zero);
    // The bucket after the zero bucket has the next number.
    let numbered = (i64::from(native.zero_index()) + 1..).zip(positive.iter().copied());
    let filled: Vec<(i64, u64)> = numbered.filter(|(_, count)| *count > 0).collect();
    let mut end = 0;
    for run in filled.chunk_by(|(before, _), (after, _)| before + 1 == *after) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
        histogram.message(field::histogram::POSITIVE_SPAN, |span| {
            span.signed(field::span::OFFSET, first - end);
            span.whole(field::span::LENGTH, run.len() as u64);
        });
        end = last + 1;
    }
    let mut before = 0_u64;
    for (_, count) in &filled {
        // The difference of two counts fits, whichever is larger, unless a count is above 2^63.
        histogram
            .signed(field::histogram::POSITIVE_DELTA, count.wrapping_sub(before).cast_signed());
        before = *count;
    }
    for exemplar in exemplars {
        histogram.exemplar(field::histogram::EXEMPLAR, exemplar);
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
