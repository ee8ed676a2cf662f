//! metrics-exporter-prometheus, the exporter that is usually behind the `metrics` facade.

use std::sync::LazyLock;

use metrics::{Key, KeyName, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};

use super::Library;
use crate::{
    rows::{Rows, Subject, Work},
    stores::{Observer, Store},
    workloads::{self, BOUNDS, Method, text_of},
};

const NAME: &str = "metrics-exporter-prometheus";
static METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

pub struct Exporter;

fn recorder(bounds: &[f64]) -> PrometheusRecorder {
    let builder = PrometheusBuilder::new().set_buckets(bounds).expect("there are bounds");
    builder.build_recorder()
}

impl Library for Exporter {
    const SUBJECT: Subject = Subject::Peer(NAME);
    const BY_LABELS: &'static str = "register_counter";
    type Counter = metrics::Counter;
    type Histogram = (PrometheusRecorder, metrics::Histogram);
    type Enums = PrometheusRecorder;
    type Strings = PrometheusRecorder;

    fn counter(name: &'static str) -> metrics::Counter {
        recorder(&BOUNDS).register_counter(&Key::from_static_name(name), &METADATA)
    }

    #[inline]
    fn count(counter: &metrics::Counter) {
        counter.increment(1);
    }

    fn histogram(bounds: &'static [f64]) -> Option<Self::Histogram> {
        let recorder = recorder(bounds);
        let handle = recorder.register_histogram(&Key::from_static_name("latency"), &METADATA);
        Some((recorder, handle))
    }

    #[inline]
    fn observe((_, histogram): &Self::Histogram, value: f64) {
        histogram.record(value);
    }

    fn after_observing((recorder, _): &Self::Histogram) {
        recorder.handle().run_upkeep();
    }

    fn enums() -> PrometheusRecorder {
        recorder(&BOUNDS)
    }

    #[inline]
    fn count_enums(recorder: &PrometheusRecorder, method: Method, cached: bool) {
        let labels = vec![
            Label::from_static_parts("method", method.text()),
            Label::from_static_parts("cached", text_of(cached)),
        ];
        recorder.register_counter(&Key::from_parts("requests", labels), &METADATA).increment(1);
    }

    fn strings() -> PrometheusRecorder {
        recorder(&BOUNDS)
    }

    #[inline]
    fn count_strings(recorder: &PrometheusRecorder, route: &'static str, user: &'static str) {
        let labels =
            vec![Label::from_static_parts("route", route), Label::from_static_parts("user", user)];
        recorder.register_counter(&Key::from_parts("requests", labels), &METADATA).increment(1);
    }

    fn store() -> Box<dyn Store> {
        Box::new(recorder(&BOUNDS))
    }
}

impl Store for PrometheusRecorder {
    fn count(&self, labels: [&str; 3]) {
        let [route, method, status] = labels.map(str::to_owned);
        let labels = vec![
            Label::new("route", route),
            Label::new("method", method),
            Label::new("status", status),
        ];
        self.register_counter(&Key::from_parts("requests", labels), &METADATA).increment(1);
    }

    fn observe(&self, route: &str, seconds: f64) {
        histogram(self, route).record(seconds);
    }

    fn observer(&self, route: &str) -> Observer<'_> {
        let histogram = histogram(self, route);
        Box::new(move |seconds| histogram.record(seconds))
    }

    fn render(&self) -> String {
        self.handle().render()
    }
}

fn histogram(recorder: &PrometheusRecorder, route: &str) -> metrics::Histogram {
    let labels = vec![Label::new("route", route.to_owned())];
    let key = Key::from_parts(KeyName::from_const_str("latency"), labels);
    recorder.register_histogram(&key, &METADATA)
}

/// Adds the facade's macros, which ask the recorder that is current.
pub fn rows(rows: &mut Rows) {
    static RECORDER: LazyLock<PrometheusRecorder> = LazyLock::new(|| recorder(&BOUNDS));
    let one = workloads::call(|| metrics::counter!("facade", "route" => "/query").increment(1));
    let run = Box::new(move |n| metrics::with_local_recorder(&*RECORDER, || one(n)));
    rows.peer(Work::Facade, NAME, "", run);
}
