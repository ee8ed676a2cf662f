//! `#[track]`: on functions, blocks and traits.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use yardstick::{LabelValue, Registry, track, track_calls, track_duration};

fn sample(registry: &Registry, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    registry.sample_value(name, labels)
}

fn recorded(work: impl FnOnce()) -> Registry {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, work);
    registry
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for nothing"),
    }
}

#[test]
fn a_function_has_all_four() {
    #[track]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    let registry = recorded(|| {
        let _ = (parse("1"), parse("x"));
    });
    let own = [("function", "parse"), ("module", module_path!())];
    let with = |label| [own[0], own[1], label];
    assert_eq!(sample(&registry, "function_duration_seconds_count", &own), Some(2.0));
    assert_eq!(sample(&registry, "function_active", &own), Some(0.0));
    let ok = with(("outcome", "ok"));
    assert_eq!(sample(&registry, "function_calls_total", &ok), Some(1.0));
    let error = with(("error_type", "ParseIntError"));
    assert_eq!(sample(&registry, "function_errors_total", &error), Some(1.0));
}

#[test]
fn a_name_is_the_first_part_of_four() {
    /// Answers a query.
    #[track("query", labels(endpoint = "/query"), buckets = [10ms, 1s])]
    async fn answer() {}
    let registry = recorded(|| ready(answer()));
    let endpoint = ("endpoint", "/query");
    assert_eq!(sample(&registry, "query_duration_seconds_count", &[endpoint]), Some(1.0));
    let ok = [endpoint, ("outcome", "ok")];
    assert_eq!(sample(&registry, "query_calls_total", &ok), Some(1.0));
    assert_eq!(sample(&registry, "query_active", &[endpoint]), Some(0.0));
    let body = registry.render();
    // Each says what it is; what the function does, its documentation says.
    for help in [
        "# HELP query_active Calls of `answer` that are in flight.\n",
        "# HELP query_calls_total Calls of `answer` that ended, by outcome.\n",
        "# HELP query_duration_seconds Duration of calls of `answer`.\n",
    ] {
        assert!(body.contains(help), "{body}");
    }
    assert!(
        body.contains("query_duration_seconds_bucket{endpoint=\"/query\",le=\"0.01\"}"),
        "{body}"
    );
}

#[test]
fn labels_are_evaluated_once() {
    let mut evaluated = 0;
    let mut once = || {
        evaluated += 1;
        "mail"
    };
    #[track("job", labels(queue = queue()))]
    fn job(mut queue: impl FnMut() -> &'static str) {
        let _ = &mut queue;
    }
    let registry = recorded(|| job(&mut once));
    assert_eq!(evaluated, 1);
    let labels = [("outcome", "ok"), ("queue", "mail")];
    assert_eq!(sample(&registry, "job_calls_total", &labels), Some(1.0));
}

struct Store<T> {
    entries: Vec<T>,
}

#[derive(Clone, Copy, LabelValue)]
enum Operation {
    Read,
}

#[track]
#[allow(dead_code, reason = "what is no method stays as it is")]
impl<T: Clone + Send + Sync> Store<T> {
    const LIMIT: usize = { 1 + 1 };

    fn get(&self, index: usize) -> Option<T> {
        self.entries.get(index).cloned()
    }

    async fn put(&mut self, entry: T) -> Result<(), String> {
        if self.entries.len() >= Self::LIMIT {
            return Err("full".to_owned());
        }
        self.entries.push(entry);
        Ok(())
    }

    #[track(skip)]
    const fn len(&self) -> usize {
        self.entries.len()
    }

    #[track_duration("store_compaction")]
    fn compact(&mut self) {
        self.entries.truncate(1);
    }

    #[track_calls]
    fn first(&self) -> [Option<T>; 2] {
        [self.get(0), None]
    }

    #[track("store_read", labels(operation: Operation = Operation::Read))]
    pub(crate) fn read(&self) -> usize {
        self.len()
    }

    fn stream(&self) -> impl futures_core::Stream<Item = u8> + use<T> {
        futures_util::stream::iter([1, 2])
    }
}

#[test]
fn a_block_has_its_methods_measured() {
    let registry = recorded(|| {
        let mut store = Store { entries: vec![1] };
        assert!(ready(store.put(2)).is_ok());
        assert!(ready(store.put(3)).is_err());
        assert_eq!(store.get(1), Some(2));
        assert_eq!(store.first()[0], Some(1));
        assert_eq!(store.len(), 2);
        store.compact();
        assert_eq!(store.read(), 1);
        let mut stream = pin!(store.stream());
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(_)) =
            futures_core::Stream::poll_next(stream.as_mut(), &mut context)
        {}
    });
    let calls = |function: &str, outcome: &str| {
        let labels = [("function", function), ("module", module_path!()), ("outcome", outcome)];
        sample(&registry, "function_calls_total", &labels)
    };
    assert_eq!((calls("Store::put", "ok"), calls("Store::put", "error")), (Some(1.0), Some(1.0)));
    // Once by itself, and once within `first`.
    assert_eq!(calls("Store::get", "ok"), Some(2.0));
    assert_eq!(calls("Store::first", "ok"), Some(1.0));
    assert_eq!(calls("Store::stream", "ok"), Some(1.0));
    assert_eq!((calls("Store::len", "ok"), calls("Store::compact", "ok")), (None, None));
    let first = [("function", "Store::first"), ("module", module_path!())];
    assert_eq!(sample(&registry, "function_duration_seconds_count", &first), None);
    assert_eq!(sample(&registry, "store_compaction_seconds_count", &[]), Some(1.0));
    let read = [("operation", "read"), ("outcome", "ok")];
    assert_eq!(sample(&registry, "store_read_calls_total", &read), Some(1.0));
}

#[track(labels(tier = "gold"))]
trait Handler {
    fn name(&self) -> &'static str;

    fn handle(&self) -> usize {
        self.name().len()
    }

    async fn later(&self) -> usize {
        self.handle()
    }
}

struct Echo;

#[track]
impl Handler for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }
}

#[test]
fn a_trait_has_its_default_methods_measured() {
    let registry = recorded(|| {
        assert_eq!(ready(Echo.later()), 4);
    });
    let gold = ("tier", "gold");
    let calls = |function: &str, more: &[(&str, &str)]| {
        let mut labels =
            vec![("function", function), ("module", module_path!()), ("outcome", "ok")];
        labels.extend(more);
        sample(&registry, "function_calls_total", &labels)
    };
    assert_eq!(calls("Handler::handle", &[gold]), Some(1.0));
    assert_eq!(calls("Handler::later", &[gold]), Some(1.0));
    assert_eq!(calls("<Echo as Handler>::name", &[]), Some(1.0));
}

mod macros {
    /// A block that a macro writes.
    macro_rules! block {
        ($name:ident, $body:expr) => {
            pub(super) struct $name;

            #[yardstick::track(crate = yardstick)]
            impl $name {
                pub(super) fn get(&self) -> usize {
                    $body
                }
            }
        };
    }

    block!(FromMacro, 1 + 2);
}

#[test]
fn a_block_may_come_from_a_macro() {
    let registry = recorded(|| assert_eq!(macros::FromMacro.get(), 3));
    assert!(registry.render().contains("function=\"FromMacro::get\""));
}
