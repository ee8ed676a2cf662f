//! The catalog of attributes and schemas, and the zeroes that it makes known. One test, because an installed exporter
//! belongs to the process.

use std::fmt::Write as _;

use yardstick::testing::assert_golden;
use yardstick::{
    ByOutcome, Counter, Gauge, Histogram, LabelSet, LabelValue, MetricSchema, Registry,
    gather::Kind, track, track_calls, track_duration,
};

#[derive(Clone, Copy, LabelValue)]
enum Method {
    Get,
    Post,
}

#[derive(LabelSet)]
struct RequestLabels {
    method: Method,
    cached: Option<bool>,
}

#[derive(LabelSet)]
struct UserLabels {
    user: String,
}

#[derive(MetricSchema)]
#[metrics(namespace = "shop", labels(service = "shop"))]
struct ShopMetrics {
    /// Time to answer a request.
    #[metric(unit = Seconds, buckets = [0.1, 1])]
    request_duration: Histogram<RequestLabels>,
    /// Orders | by user "name".
    orders: Counter<UserLabels>,
    #[metrics(flatten)]
    pool: PoolMetrics,
}

/// Registered as a part of the shop's, and not on its own.
#[derive(MetricSchema)]
#[metrics(namespace = "pool")]
struct PoolMetrics {
    /// Connections in use.
    connections: Gauge,
    /// Statements by outcome.
    statements: Counter<ByOutcome>,
}

/// Registered where it is used.
#[derive(MetricSchema)]
#[metrics(namespace = "unlisted", unlisted)]
struct Unlisted {
    /// Jobs.
    jobs: Counter,
}

static OWN: std::sync::LazyLock<Registry> = std::sync::LazyLock::new(Registry::new);

/// Answers a query.
#[track_calls("queries", labels(endpoint = "/query", method: Method = method))]
fn answer(method: Method) {
    let _ = method;
}

#[track_calls("queries", labels(endpoint = "/suggest", method = method))]
fn suggest(method: Method) {
    let _ = method;
}

#[track_duration("directed", registry = OWN)]
fn directed() {}

struct Store;

#[track]
impl Store {
    fn get(&self) -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

#[test]
fn what_is_declared_is_listed_and_shown() {
    let catalog = yardstick::catalog();
    assert_golden("tests/golden/catalog.md", &without_lines(&catalog.to_markdown()));

    let json: serde_json::Value = serde_json::from_str(&catalog.to_json()).expect("valid JSON");
    let metrics = json["metrics"].as_array().expect("a list");
    assert_eq!(metrics.len(), catalog.iter().count());
    for (json, metric) in metrics.iter().zip(&catalog) {
        assert_eq!(json["name"], metric.name.as_str());
        assert_eq!(json["kind"], metric.kind.to_string());
        assert_eq!(json["help"], metric.help.as_str());
        assert_eq!(json["buckets"].as_array().map(Vec::len), Some(metric.buckets.len()));
        assert_eq!(json["location"]["line"], metric.location.line);
        for (json, label) in json["labels"].as_array().expect("a list").iter().zip(&metric.labels) {
            assert_eq!(json["name"], label.name.as_str());
            assert_eq!(
                json["values"].as_array().map(Vec::len),
                label.values.as_ref().map(Vec::len)
            );
        }
    }
    let duration = catalog.get("shop_request_duration_seconds").expect("declared above");
    assert_eq!((duration.kind, duration.unit), (Kind::Histogram, Some(yardstick::Unit::Seconds)));
    assert!(
        catalog.get("unlisted_jobs_total").is_none() && catalog.get("pool_connections").is_none()
    );

    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    let body = exporter.render();
    let own = body.split_inclusive('\n').filter(|line| !line.contains("yardstick_"));
    assert_golden("tests/golden/catalog_zeroes.prom", &own.collect::<String>());

    // What had its zeroes counts on in the same series, also through the site that does not name its type.
    answer(Method::Post);
    suggest(Method::Get);
    directed();
    assert!(Store.get().is_ok());
    ShopMetrics::orders().with(&UserLabels { user: "a".to_owned() }).inc();
    let labels = RequestLabels { method: Method::Get, cached: None };
    ShopMetrics::request_duration().with(&labels).observe(0.5);
    Unlisted::jobs().inc();
    ShopMetrics::global().pool.connections.set(2.0);
    ShopMetrics::pool().statements.clear();
    let value = |name: &str, labels: &[(&str, &str)]| {
        yardstick::default_registry().sample_value(name, labels)
    };
    let queries = |endpoint, method| {
        let labels = [("endpoint", endpoint), ("method", method), ("outcome", "ok")];
        value("queries_total", &labels)
    };
    assert_eq!((queries("/query", "post"), queries("/query", "get")), (Some(1.0), Some(0.0)));
    assert_eq!((queries("/suggest", "get"), queries("/suggest", "post")), (Some(1.0), None));
    assert_eq!(value("unlisted_jobs_total", &[]), Some(1.0));
    assert!(OWN.render().contains("directed_seconds_count 1\n"));
    assert!(exporter.shutdown_blocking().is_ok());
}

/// The table without the lines of this file, which change with every edit.
fn without_lines(table: &str) -> String {
    let mut stable = String::new();
    for line in table.lines() {
        let (row, place) = line.rsplit_once("catalog.rs:").unwrap_or((line, ""));
        let place = place.trim_start_matches(|c: char| c.is_ascii_digit());
        let separator = if place.is_empty() { "" } else { "catalog.rs:…" };
        // Writing to a string cannot fail.
        let _ = writeln!(stable, "{row}{separator}{place}");
    }
    stable
}
