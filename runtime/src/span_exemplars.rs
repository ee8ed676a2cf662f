//! Exemplars from the current span of `tracing` (feature `exemplars`): whatever counters and histograms record inside a
//! traced request, by attributes and by handles, is kept with the request's `trace_id`.
//!
//! Spans must say which trace they belong to: in fields `trace_id` and, if there is one, `span_id`; or through whatever
//! [`SpanExemplars::ids_from`] finds in their extensions, such as the data of `tracing-opentelemetry`.
//!
//! A bucket's exemplar is replaced once it is older than a second, so that a busy program pays for few of them.
//!
//! Invariants: the stack of a thread holds the spans that it is inside of, and nothing else looks at it. Nothing here
//! records, waits, or runs inside the toolkit's own slow paths.

use std::{cell::RefCell, fmt, sync::Arc};

use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    layer::{Context, Layer},
    registry::{Extensions, LookupSpan},
};

use crate::{
    base::reentry::{self, Scope},
    data::Exemplar,
    registry::exemplar::{Make, follow_spans},
};

thread_local! {
    static INSIDE: RefCell<Vec<(Id, Option<Arc<Trace>>)>> = const { RefCell::new(Vec::new()) };
}

/// Which trace a span belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Trace {
    trace_id: String,
    span_id: String,
}

impl Trace {
    fn labels(&self) -> Vec<(&str, &str)> {
        let labels = [("span_id", self.span_id.as_str()), ("trace_id", self.trace_id.as_str())];
        labels.into_iter().filter(|(_, id)| !id.is_empty()).collect()
    }
}

/// Calls `keep` with what makes an exemplar of the span that this thread is in, if that belongs to a trace.
fn in_span(keep: &mut dyn FnMut(&Make<'_>)) {
    // An allocator that records must not come back here.
    if reentry::is_within() {
        return;
    }
    let _scope = Scope::enter();
    let current = INSIDE.try_with(|inside| inside.try_borrow().ok()?.last()?.1.clone());
    if let Some(trace) = current.ok().flatten() {
        keep(&|value| Exemplar::now(value, &trace.labels()));
    }
}

/// The layer that follows spans; see [`layer`].
pub struct SpanExemplars {
    ids_from: Option<Box<IdsFrom>>,
}

type IdsFrom = dyn Fn(&Extensions<'_>) -> Option<(String, String)> + Send + Sync;

/// A layer for the program's subscriber, from which on exemplars are kept.
///
/// # Examples
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let registry = yardstick::Registry::new();
/// let wait = registry.histogram("wait").buckets(&[1.0]).help("Wait.").register()?;
/// let subscriber = tracing_subscriber::registry().with(yardstick::span_exemplars::layer());
/// tracing::subscriber::with_default(subscriber, || {
///     let _request = tracing::info_span!("request", trace_id = "4bf92f3577b34da6").entered();
///     wait.observe(0.5);
/// });
/// let exemplar = &registry.gather()[0].series[0].exemplars[0];
/// assert_eq!(exemplar.labels, [("trace_id".to_owned(), "4bf92f3577b34da6".to_owned())]);
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[must_use = "a layer must be added to a subscriber"]
pub fn layer() -> SpanExemplars {
    follow_spans(in_span);
    SpanExemplars { ids_from: None }
}

impl SpanExemplars {
    /// Asks `ids` for the trace id and the span id of spans without such fields. It is given the span's extensions each
    /// time that the span is entered; an empty span id is left out.
    pub fn ids_from(
        mut self,
        ids: impl Fn(&Extensions<'_>) -> Option<(String, String)> + Send + Sync + 'static,
    ) -> Self {
        self.ids_from = Some(Box::new(ids));
        self
    }

    fn ids_of_extensions(&self, extensions: &Extensions<'_>) -> Option<Arc<Trace>> {
        if let Some(trace) = extensions.get::<Arc<Trace>>() {
            return Some(Arc::clone(trace));
        }
        let (trace_id, span_id) = self.ids_from.as_ref()?(extensions)?;
        Some(Arc::new(Trace { trace_id, span_id }))
    }
}

impl fmt::Debug for SpanExemplars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanExemplars").finish_non_exhaustive()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for SpanExemplars {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        remember(id, &context, |fields| attributes.record(fields));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        remember(id, &context, |fields| values.record(fields));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        // The nearest span that knows its trace; what is recorded in its children belongs to it.
        let trace = context.span_scope(id).and_then(|mut spans| {
            spans.find_map(|span| self.ids_of_extensions(&span.extensions()))
        });
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().push((id.clone(), trace)));
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        // Spans are not always left in the order in which they were entered.
        let _ = INSIDE.try_with(|inside| {
            let mut inside = inside.borrow_mut();
            if let Some(position) = inside.iter().rposition(|(entered, _)| entered == id) {
                inside.remove(position);
            }
        });
    }
}

/// Reads a span's fields, and keeps what they say of its trace.
fn remember<S: Subscriber + for<'a> LookupSpan<'a>>(
    id: &Id,
    context: &Context<'_, S>,
    record: impl FnOnce(&mut Fields),
) {
    let Some(span) = context.span(id) else { return };
    let mut extensions = span.extensions_mut();
    let known = extensions.get_mut::<Arc<Trace>>().map(|known| Trace::clone(known));
    let mut fields = Fields(known.clone().unwrap_or_default());
    record(&mut fields);
    if Some(&fields.0) != known.as_ref() && !fields.0.trace_id.is_empty() {
        extensions.replace(Arc::new(fields.0));
    }
}

/// Picks the fields that name a trace and a span.
struct Fields(Trace);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "trace_id" => value.clone_into(&mut self.0.trace_id),
            "span_id" => value.clone_into(&mut self.0.span_id),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if matches!(field.name(), "trace_id" | "span_id") {
            self.record_str(field, &format!("{value:?}"));
        }
    }
}
