//! Every operation by name is an event at debug level, and what is refused is a warning, once.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};
use yardstick::{Collector, Registry};

/// Keeps the events of this crate.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<(Level, String)>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!("{}={value:?} ", field.name());
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("yardstick")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.lock().expect("nothing panics").push((*event.metadata().level(), text.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn operations_are_events_and_refusals_are_warnings() {
    let kept = Kept::default();
    let collector = Collector::new(Registry::new());
    tracing::subscriber::with_default(kept.clone(), || {
        collector.increment_counter("api-errors", 1.0, &[("endpoint", "/query")]);
        for _ in 0..3 {
            collector.set_gauge("api_errors_total", 2.0, &[]);
            collector.record_timing("query", 3.0, &[("a-b", "x")]);
        }
        collector.batch(|batch| batch.record_summary("sizes", 4.0, &[]));
    });
    let events = kept.0.lock().expect("nothing panics");
    let of = |level| events.iter().filter(move |(found, _)| *found == level).map(|(_, text)| text);
    let debug: Vec<_> = of(Level::DEBUG).collect();
    assert_eq!(debug.len(), 8, "{events:#?}");
    for part in
        ["increment_counter", "metric=\"api-errors\"", "amount=1.0", "(\"endpoint\", \"/query\")"]
    {
        assert!(debug[0].contains(part), "{part} in {}", debug[0]);
    }
    let warnings: Vec<_> = of(Level::WARN).collect();
    assert_eq!(warnings.len(), 2, "each once: {warnings:#?}");
    assert!(warnings[0].contains("kind counter, then gauge"), "{}", warnings[0]);
    assert!(warnings[1].contains("label=\"a-b\""), "{}", warnings[1]);
}
