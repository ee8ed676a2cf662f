//! The catalog of a registry is complete: whatever a scrape shows has an entry, with its labels and its bounds as they are
//! written. One test, because an installed exporter belongs to the process.

use yardstick::{
    ByErrorType, Counter, Gauge, Histogram, Info, LabelSet, LabelValue, MetricSchema, StateSet,
    Summary, Unit,
    catalog::{Catalog, Role},
    default_registry, dynamic,
    exporter::Exporter,
    gather::{Collector, MetricFamily, Value},
    track, track_duration,
};
use yardstick_tests::judges::{json_schema, python};

#[derive(Clone, Copy, Debug, LabelValue)]
enum Method {
    Get,
    Post,
}

#[derive(LabelSet)]
struct Labels {
    method: Method,
    user: String,
}

#[derive(MetricSchema)]
#[metrics(namespace = "shop", labels(region = "eu"))]
struct Shop {
    /// Time to answer.
    #[metric(unit = Seconds, buckets = [0.1, 1, 1000000])]
    latency: Histogram<Labels>,
    /// Sizes.
    #[metric(unit = Bytes, buckets = native(4, 1, 1000000))]
    size: Histogram,
    /// Times by quantile.
    #[metric(quantiles = [0.5, 0.99])]
    wait: Summary,
    /// Failures.
    failures: Counter<ByErrorType>,
    /// Version.
    release: Info,
    /// Which way.
    way: StateSet<Method>,
}

/// Registered when it is used.
#[derive(MetricSchema)]
#[metrics(namespace = "late", unlisted)]
struct Late {
    /// Depth by method.
    depth: Gauge<OfMethod>,
}

#[derive(LabelSet)]
struct OfMethod {
    method: Method,
}

/// Answers.
#[track]
fn answer(query: &str) -> Result<usize, std::num::ParseIntError> {
    query.parse()
}

#[track_duration("lookup", labels(method = method, kind = "exact"), buckets = [5ms, 1s])]
fn look_up(method: Method) {
    let _ = method;
}

struct Pool;

impl Collector for Pool {
    fn collect(&self) -> Vec<MetricFamily> {
        vec![
            MetricFamily::gauge("pool_size", "Connections.")
                .with_series(&[("pool", "main")], Value::Gauge(3.0)),
        ]
    }
}

/// Records something in every way there is.
fn record() {
    let registry = default_registry();
    registry.register_collector(Pool);
    let jobs = registry.counter("jobs").labels(["queue"]).help("Jobs.").register();
    jobs.expect("a new name").get_or_create(["mail"]).expect("room").inc();
    let lag = registry.histogram("lag").unit(Unit::Seconds).help("Lag.").register();
    lag.expect("a new name").observe(0.2);
    metrics::counter!("library.calls", "peer" => "db").increment(1);
    dynamic().increment_counter("made-up", 1.0, &[("user", "a")]);
    assert!(answer("1").is_ok() && answer("x").is_err());
    look_up(Method::Get);
    let shop = Shop::global();
    shop.latency.with(&Labels { method: Method::Post, user: "a".to_owned() }).observe(0.3);
    shop.size.observe(300.0);
    shop.wait.observe(1.0);
    shop.release.set_labels(&[("version", "1.2")]).expect("valid labels");
    shop.way.set(Method::Post);
    Late::global().depth.with(&OfMethod { method: Method::Get }).set(1.0);
}

/// Each sample of an exposition belongs to an entry, which lists its labels and bounds.
fn assert_complete(catalog: &Catalog, exposition: &str) {
    for sample in python(exposition) {
        let text = |index: usize| sample[index].as_str().unwrap_or_default();
        let (family, name) = (text(0), text(2));
        let entry = catalog.iter().find(|metric| {
            [family, name].contains(&metric.name.as_str())
                || format!("{family}_total") == metric.name
                || format!("{family}_info") == metric.name
        });
        let entry = entry.unwrap_or_else(|| panic!("`{name}` has no entry"));
        for (label, value) in sample[3].as_object().expect("labels") {
            let value = value.as_str().expect("a text");
            if label == "le" {
                assert!(entry.bucket_texts().iter().any(|text| text == value), "{name} le={value}");
            } else if label == "service" {
                assert_eq!(value, "shop");
            } else if label != "quantile" {
                let known = entry.labels.iter().find(|known| known.name == *label);
                let known =
                    known.unwrap_or_else(|| panic!("`{name}` has an unlisted label `{label}`"));
                let has_value =
                    known.values.as_ref().is_none_or(|all| all.iter().any(|v| v == value));
                assert!(has_value, "{name} {label}={value}: {known:?}");
            }
        }
    }
}

fn assert_entries(catalog: &Catalog) {
    let role = |name: &str| catalog.get(name).map(|metric| metric.role);
    for (name, expected) in [
        ("function_duration_seconds", Role::Duration),
        ("lookup_seconds", Role::Duration),
        ("function_errors_total", Role::Errors),
        ("function_calls_total", Role::Calls),
        ("function_active", Role::Active),
        ("shop_latency_seconds", Role::Schema),
        ("late_depth", Role::Schema),
        ("jobs_total", Role::Builder),
        ("pool_size", Role::Collector),
        ("library_calls_total", Role::Facade),
        ("made_up_total", Role::Dynamic),
        ("yardstick_lanes", Role::Own),
    ] {
        assert_eq!(role(name), Some(expected), "{name}");
    }
    let latency = catalog.get("shop_latency_seconds").expect("it is declared");
    assert_eq!(latency.bucket_texts(), ["0.1", "1.0", "1e+06", "+Inf"]);
    assert_eq!((latency.series.zero, latency.series.max), (0, 2_001));
    let depth = catalog.get("late_depth").expect("it is declared");
    assert_eq!((depth.series.zero, depth.series.max), (2, 2));
    let answer = catalog.functions().iter().find(|function| function.function == "answer");
    let metrics = &answer.expect("it is annotated").metrics;
    assert_eq!(metrics.len(), 4);
    assert_eq!(metrics[0], (Role::Duration, "function_duration_seconds".to_owned()));

    let json = catalog.to_json();
    json_schema(&json, "docs/catalog.schema.json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!((&json["package"], &json["commit"]), (&"shop".into(), &"abc".into()));
    assert_eq!(json["labels"]["service"], "shop");
    assert_eq!(json["metrics"].as_array().map(Vec::len), Some(catalog.iter().count()));
}

/// The catalog as the endpoint serves it.
fn served(exporter: &Exporter, accept: &str) -> (String, String) {
    let url = format!("http://{}/-/catalog", exporter.local_addr());
    let mut response =
        ureq::get(url).header("Accept", accept).call().expect("the endpoint answers");
    let content_type = response.headers()["content-type"].to_str().expect("a text").to_owned();
    (content_type, response.body_mut().read_to_string().expect("a text"))
}

#[test]
fn whatever_a_scrape_shows_is_in_the_catalog() {
    let exporter = yardstick::exporter()
        .listen("127.0.0.1:0")
        .global_label("service", "shop")
        .install()
        .expect("nothing else is installed");
    record();
    let registry = default_registry();
    let catalog = Catalog::of(registry).with_package("shop", "1.2.0").with_commit("abc");
    assert_complete(&catalog, &exporter.render());
    assert_entries(&catalog);
    let (content_type, body) = served(&exporter, "*/*");
    assert_eq!(content_type, "application/json");
    json_schema(&body, "docs/catalog.schema.json");
    let (content_type, body) = served(&exporter, "text/markdown");
    assert_eq!(content_type, "text/markdown; charset=utf-8");
    assert!(body.contains("| `pool_size` | gauge | collector |"), "{body}");
    assert!(exporter.shutdown_blocking().is_ok());
}
