//! Metrics whose labels are types.

use std::{borrow::Cow, thread};

use yardstick::{Counter, Gauge, Histogram, LabelSet, LabelValue, RegisterError, Registry};
use yardstick_tests::{counts, judges};

#[derive(Clone, Copy, LabelValue)]
enum Method {
    Get,
    Put,
}

#[derive(LabelSet)]
struct Request {
    method: Method,
    cached: bool,
}

#[derive(LabelSet)]
struct Page {
    #[label(flatten)]
    request: Request,
    #[label(rename = "page")]
    path: Cow<'static, str>,
    #[label(skip)]
    _size: u64,
    user: Option<u32>,
}

#[test]
fn every_known_set_exists_at_zero() {
    let registry = Registry::new();
    let requests: Counter<Request> =
        registry.counter("requests").help("Requests.").label_set().register().expect("a new name");
    requests.with(&Request { method: Method::Put, cached: true }).inc();
    requests.with(&Request { method: Method::Put, cached: true }).inc_by(2);
    let body = registry.render();
    assert_eq!(
        body,
        "# HELP requests_total Requests.\n\
         # TYPE requests_total counter\n\
         requests_total{cached=\"false\",method=\"get\"} 0\n\
         requests_total{cached=\"false\",method=\"put\"} 0\n\
         requests_total{cached=\"true\",method=\"get\"} 0\n\
         requests_total{cached=\"true\",method=\"put\"} 3\n"
    );
    judges::promtool(&body);
}

#[test]
fn sets_within_sets_and_values_known_later() {
    let registry = Registry::new();
    let pages: Gauge<Page> = registry.gauge("pages").label_set().register().expect("a new name");
    let page = |path: &str, user| Page {
        request: Request { method: Method::Get, cached: false },
        path: Cow::Owned(path.to_owned()),
        _size: 7,
        user,
    };
    assert_eq!(counts(&registry), [""; 0]);
    pages.with(&page("/", None)).set(2.0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..100).for_each(|_| pages.with(&page("/a", Some(1))).inc()));
        }
    });
    let expected = [
        "pages{cached=\"false\",method=\"get\",page=\"/\",user=\"_none\"} 2",
        "pages{cached=\"false\",method=\"get\",page=\"/a\",user=\"1\"} 200",
    ];
    assert_eq!(counts(&registry), expected);
    assert!(pages.remove(&page("/", None)));
    assert!(!pages.remove(&page("/b", None)));
    assert_eq!(counts(&registry), expected[1..]);
    pages.clear();
    assert_eq!(counts(&registry), [""; 0]);
    pages.with(&page("/a", Some(1))).set(5.0);
    assert_eq!(counts(&registry), [expected[1].replace("200", "5")]);
}

#[test]
fn sets_beyond_the_limit_share_a_series() {
    #[derive(LabelSet)]
    struct User {
        id: u32,
    }
    let registry = Registry::new();
    let sizes: Histogram<User> = registry
        .histogram("sizes")
        .buckets(&[1.0])
        .label_set()
        .series_max(3)
        .register()
        .expect("a new name");
    for id in 0..10 {
        sizes.with(&User { id }).observe(0.5);
    }
    let total: u64 = (0..10).map(|id| sizes.with(&User { id }).count()).max().unwrap_or(0);
    assert_eq!(total, 7, "three have a series of their own");
    let lines = counts(&registry);
    assert!(lines.contains(&"sizes_count{id=\"_other\"} 7".to_owned()), "{lines:?}");
}

#[test]
fn one_family_has_one_set_of_labels() {
    #[derive(LabelSet)]
    struct Other {
        method: Method,
        reserved: String,
    }
    let registry = Registry::new();
    let first: Counter<Request> =
        registry.counter("requests").label_set().register().expect("a new name");
    let again: Counter<Request> =
        registry.counter("requests").label_set().register().expect("the same");
    first.with(&Request { method: Method::Get, cached: true }).inc();
    again.with(&Request { method: Method::Get, cached: true }).inc();
    let labels = [("method", "get"), ("cached", "true")];
    assert_eq!(registry.sample_value("requests_total", &labels), Some(2.0));
    let other: Result<Counter<Other>, _> = registry.counter("requests").label_set().register();
    assert!(matches!(other, Err(RegisterError::Conflict { .. })), "{other:?}");
}

#[test]
fn handles_of_one_set_can_be_kept() {
    let registry = Registry::new();
    let requests: Counter<Request> =
        registry.counter("requests").label_set().register().expect("a new name");
    let kept: Counter = requests.with(&Request { method: Method::Get, cached: false }).clone();
    kept.inc_by(4);
    assert_eq!(requests.clone().with(&Request { method: Method::Get, cached: false }).get(), 4);
    let generic = |labels: Request| requests.with(&labels).get();
    assert_eq!(generic(Request { method: Method::Put, cached: false }), 0);
}

#[derive(LabelSet)]
struct Generic<T: LabelValue, S>
where
    S: LabelSet,
{
    value: T,
    #[label(flatten)]
    rest: S,
}

#[test]
fn generic_sets_are_sets() {
    let registry = Registry::new();
    let calls: Counter<Generic<Option<bool>, Request>> =
        registry.counter("calls").label_set().register().expect("a new name");
    let rest = Request { method: Method::Get, cached: true };
    calls.with(&Generic { value: None, rest }).inc();
    assert_eq!(
        counts(&registry),
        ["calls_total{cached=\"true\",method=\"get\",value=\"_none\"} 1"]
    );
    // The same name twice, which only the registry can see.
    let twice: Result<Counter<Generic<u8, Generic<u8, ()>>>, _> =
        registry.counter("twice").label_set().register();
    assert!(matches!(twice, Err(RegisterError::DuplicateLabel { .. })), "{twice:?}");
}
