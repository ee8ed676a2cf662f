//! Schemas: the metrics of a component, declared once.

use yardstick::{
    Counter, Gauge, Histogram, LabelSet, LabelValue, MetricSchema, RegisterError, Registry,
};
use yardstick_tests::judges;

#[derive(Clone, Copy, LabelValue)]
enum Operation {
    Get,
    Put,
}

#[derive(LabelSet)]
struct Cache {
    cache_name: &'static str,
    operation: Operation,
}

#[derive(LabelSet)]
struct Only {
    operation: Operation,
}

/// Not a help text: that is the fields' business.
#[derive(Debug, MetricSchema)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Look-ups that found their key,
    /// or did not.
    ///
    /// A second paragraph.
    cache_hits: Counter<Cache>,
    #[metric(name = "jobs", help = "Jobs by operation.", series_max = 10)]
    r#match: Gauge<Only>,
    /// Time of a request.
    #[metric(unit = Seconds, buckets = 5ms..10ms)]
    request_duration: Histogram,
    /// Tokens per request.
    #[metric(buckets = [10, 100, 1_000])]
    token_usage: Histogram<Only>,
    #[metrics(flatten)]
    pool: PoolMetrics,
}

#[derive(Clone, Debug, MetricSchema)]
#[metrics(namespace = "pool", crate = ::yardstick)]
struct PoolMetrics {
    /// Bytes sent.
    #[metric(unit = Bytes)]
    sent: Counter,
    /// Connections in use.
    connections: Gauge,
}

#[test]
fn a_schema_is_its_families() {
    let registry = Registry::new();
    let shop = ShopMetrics::register(&registry).expect("an empty registry");
    shop.cache_hits.with(&Cache { cache_name: "sessions", operation: Operation::Put }).inc();
    shop.r#match.with(&Only { operation: Operation::Get }).set(2.0);
    assert_eq!(shop.request_duration.count(), 0);
    shop.token_usage.with(&Only { operation: Operation::Get }).observe(50.0);
    shop.pool.sent.inc_by(3);
    shop.pool.connections.set(4.0);
    let body = registry.render();
    assert_eq!(body, include_str!("golden/schema.prom"));
    judges::promtool(&body);
}

#[test]
fn a_schema_can_be_registered_again_and_elsewhere() {
    let (registry, other) = (Registry::new(), Registry::new());
    let first = PoolMetrics::register(&registry).expect("an empty registry");
    let again = PoolMetrics::register(&registry).expect("the same");
    let elsewhere = PoolMetrics::register(&other).expect("an empty registry");
    first.sent.inc();
    again.clone().sent.inc();
    elsewhere.sent.inc_by(7);
    assert_eq!(registry.sample_value("pool_sent_bytes_total", &[]), Some(2.0));
    assert_eq!(other.sample_value("pool_sent_bytes_total", &[]), Some(7.0));
}

#[test]
fn a_conflict_names_both_places() {
    #[derive(Debug, MetricSchema)]
    #[metrics(namespace = "pool", unlisted)]
    struct Conflicting {
        /// Bytes sent, by operation.
        #[metric(unit = Bytes)]
        sent: Counter<Only>,
    }
    let registry = Registry::new();
    PoolMetrics::register(&registry).expect("an empty registry");
    let registered = Conflicting::register(&registry).map(|schema| schema.sent);
    let error = registered.expect_err("the name is taken");
    assert!(matches!(error, RegisterError::Conflict { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.matches("schemas.rs").count() == 2, "{text}");
}

#[test]
fn what_the_derive_cannot_tell_by_the_word_the_registry_can() {
    type Level = Gauge;
    #[derive(Debug, MetricSchema)]
    #[metrics(namespace = "pool", unlisted)]
    struct Levels {
        /// Bytes sent.
        sent_bytes: Counter,
        /// Bytes sent, as a gauge.
        sent_bytes_total: Level,
    }
    let registered = Levels::register(&Registry::new());
    let registered = registered.map(|schema| (schema.sent_bytes, schema.sent_bytes_total));
    let error = registered.expect_err("the name of the counter's sample");
    assert!(matches!(error, RegisterError::Conflict { .. }), "{error}");
    assert_eq!(error.to_string().matches("schemas.rs").count(), 2, "{error}");
}

#[test]
fn names_that_look_like_samples_are_names() {
    #[derive(Debug, MetricSchema)]
    #[metrics(unlisted)]
    struct Counts {
        /// Requests.
        request_count: Counter,
        /// Errors.
        error_count: Counter,
        /// Memory of the machine.
        memory_total: Gauge,
    }
    let registry = Registry::new();
    let counts = Counts::register(&registry).expect("nobody else has these names");
    counts.request_count.inc();
    counts.error_count.inc();
    counts.memory_total.set(1.0);
    assert_eq!(registry.sample_value("request_count_total", &[]), Some(1.0));
    assert_eq!(registry.sample_value("error_count_total", &[]), Some(1.0));
    assert_eq!(registry.sample_value("memory_total", &[]), Some(1.0));
}
