//! The protobuf format and native histograms, as a real Prometheus reads them.

use yardstick::{
    Histogram, LabelValue, MetricSchema, Registry, Unit, buckets::NativeBuckets, default_registry,
    track_duration,
};
use yardstick_tests::{judges, prometheus::Prometheus, wire};

#[derive(Clone, Copy, LabelValue)]
enum Phase {
    Starting,
    Running,
}

/// What 2.42 asks for when native histograms are on.
const ACCEPT: &str = "Accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;\
                      encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,\
                      text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n";

/// One metric of each kind.
fn record(registry: &Registry) {
    let orders = registry.counter("orders").help("Orders.").labels(["shop"]).register();
    let orders = orders.expect("a new name");
    orders.get_or_create(["a\\b \"c\"\nd"]).expect("room").inc_by(3);
    orders.get_or_create(["b"]).expect("room").inc_by_f64(0.5);
    registry.gauge("depth").help("Depth.").register().expect("a new name").set(-2.5);
    let size = registry.histogram("size").unit(Unit::Bytes).buckets(&[10.0, 20.0]).register();
    let size = size.expect("a new name");
    size.observe_with_exemplar(7.0, &[("trace_id", "4bf92f35")]);
    size.observe(15.0);
    size.observe(99.0);
    let work = registry.summary("work").quantiles(&[0.5], std::time::Duration::from_secs(3_600));
    work.register().expect("a new name").observe(4.0);
    let target = registry.info("target").help("What it runs on.").register().expect("a new name");
    target.set_labels(&[("os", "linux")]).expect("a name");
    registry.state_set::<Phase>("phase").register().expect("a new name").set(Phase::Running);
    let _ = Phase::Starting;

    let wait = registry.histogram("wait").unit(Unit::Seconds).native(NativeBuckets::default());
    let wait = wait.help("Time to wait.").labels(["queue"]).register().expect("a new name");
    let mail = wait.get_or_create(["mail"]).expect("room");
    for number in 1..=1_000_u32 {
        mail.observe(f64::from(number) / 1_000.0);
    }
    // Below the range, and above it; what is negative has no bucket.
    let strange = wait.get_or_create(["strange"]).expect("room");
    for value in [0.0, 1e-9, 1e6, -1.0] {
        strange.observe(value);
    }
    wait.get_or_create(["empty"]).expect("room");
}

#[test]
fn a_real_server_takes_native_histograms() {
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    record(default_registry());
    let answer = wire::request(exporter.local_addr(), "GET", "/metrics", ACCEPT);
    let content_type = "content-type: application/vnd.google.protobuf; \
                        proto=io.prometheus.client.MetricFamily; encoding=delimited\r\n";
    assert!(answer.head.contains(content_type), "{}", answer.head);

    let arguments = ["--enable-feature=native-histograms,exemplar-storage"];
    let server = Prometheus::start_with(exporter.local_addr(), &[], &arguments);
    let value = |query: &str| server.value(query, |_| true);
    let is = |query: &str, expected: f64| {
        let found = value(query);
        assert!((found - expected).abs() < 1e-9 * expected.abs().max(1e-9), "{query}: {found}");
    };
    is("orders_total{shop=\"a\\\\b \\\"c\\\"\\nd\"}", 3.0);
    is("orders_total{shop=\"b\"}", 0.5);
    is("depth", -2.5);
    is("size_bytes_bucket{le=\"20\"} or size_bytes_bucket{le=\"20.0\"}", 2.0);
    is("size_bytes_bucket{le=\"+Inf\"}", 3.0);
    is("size_bytes_sum", 121.0);
    is("size_bytes_count", 3.0);
    assert!((value("work{quantile=\"0.5\"}") - 4.0).abs() < 0.05);
    is("work_count", 1.0);
    is("target_info{os=\"linux\"}", 1.0);
    is("phase{phase=\"running\"}", 1.0);
    is("phase{phase=\"starting\"}", 0.0);

    // One series, no buckets, and quantiles between them.
    is("histogram_count(wait_seconds{queue=\"mail\"})", 1_000.0);
    is("histogram_sum(wait_seconds{queue=\"mail\"})", 500.5);
    for quantile in [0.01, 0.5, 0.9, 0.99] {
        let found =
            value(&format!("histogram_quantile({quantile}, wait_seconds{{queue=\"mail\"}})"));
        assert!((found / quantile - 1.0).abs() < 0.045, "{quantile}: {found}");
    }
    is("histogram_fraction(0, 0.5, wait_seconds{queue=\"mail\"})", 0.5);
    is("histogram_count(wait_seconds{queue=\"strange\"})", 3.0);
    is("histogram_count(wait_seconds{queue=\"empty\"})", 0.0);
    assert!(value("histogram_quantile(0.5, wait_seconds{queue=\"strange\"})") < 1e-6);
    let top = value("histogram_quantile(1, wait_seconds{queue=\"strange\"})");
    assert!((4_096.0..=4_096.0 * 1.1).contains(&top), "{top}");
    assert_eq!(
        server.metadata("wait_seconds"),
        ("histogram".to_owned(), "Time to wait.".to_owned())
    );
    let exemplars = server.exemplars("size_bytes_bucket");
    assert_eq!(
        exemplars[0].pointer("/labels/trace_id").and_then(|id| id.as_str()),
        Some("4bf92f35")
    );
    drop(server);
    assert!(exporter.shutdown_blocking().is_ok());
}

#[track_duration("native_attribute", buckets = native())]
fn timed() {}

#[derive(MetricSchema)]
struct Sizes {
    /// Sizes of messages.
    #[metric(unit = Bytes, buckets = native(4, 64, 1_000_000_000))]
    message_size: Histogram,
    /// Time in queues.
    #[metric(unit = Seconds, buckets = native(1, 1ms, 10s))]
    queue_time: Histogram,
}

#[test]
fn attributes_and_schemas_declare_them_too() {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, timed);
    let sizes = Sizes::register(&registry).expect("new names");
    sizes.message_size.observe(1_500.0);
    sizes.queue_time.observe(0.5);
    let body = registry.render();
    judges::promtool(&body);
    let buckets = |name: &str| {
        let start = format!("{name}_bucket{{le=");
        body.lines().filter(|line| line.starts_with(&start)).count()
    };
    // 2^-20 to 2^12, 2^6 to 2^30, and 2^-10 to 2^4, each with the infinite one.
    assert_eq!(buckets("native_attribute_seconds"), 34);
    assert_eq!(buckets("message_size_bytes"), 26);
    assert_eq!(buckets("queue_time_seconds"), 16);
    assert!(body.contains("message_size_bytes_bucket{le=\"2048.0\"} 1\n"));
    assert!(body.contains("queue_time_seconds_bucket{le=\"0.25\"} 0\n"));
    // The same histogram, by whichever way it is declared.
    let size = registry.histogram("message_size").unit(Unit::Bytes).help("Sizes of messages.");
    let native = NativeBuckets::new(4, 64.0, 1e9).expect("a range");
    assert_eq!(size.native(native).register().expect("the same").count(), 1);
    assert!(
        registry.histogram("message_size").unit(Unit::Bytes).buckets(&[1.0]).register().is_err()
    );
}

#[test]
fn other_formats_have_the_buckets_of_whole_doublings() {
    let registry = Registry::new();
    registry.expose_created(false);
    record(&registry);
    let refused = registry.sample_value("wait_seconds_count", &[("queue", "strange")]);
    assert_eq!(refused, Some(3.0));
    let body = registry.render();
    judges::promtool(&body);
    assert!(!judges::python_openmetrics(&registry.render_openmetrics()).is_empty());
    let buckets = |queue: &str| {
        let start = format!("wait_seconds_bucket{{queue=\"{queue}\",le=");
        body.lines().filter(|line| line.starts_with(&start)).count()
    };
    assert_eq!((buckets("mail"), buckets("empty")), (34, 34));
    for line in [
        "wait_seconds_bucket{queue=\"mail\",le=\"0.25\"} 250",
        "wait_seconds_bucket{queue=\"mail\",le=\"1.0\"} 1000",
        "wait_seconds_bucket{queue=\"strange\",le=\"9.5367431640625e-07\"} 2",
        "wait_seconds_bucket{queue=\"strange\",le=\"4096.0\"} 2",
        "wait_seconds_bucket{queue=\"strange\",le=\"+Inf\"} 3",
    ] {
        assert!(body.lines().any(|found| found == line), "{line} in\n{body}");
    }

    // In another unit: values, not ticks.
    let size = registry.histogram("load").native(NativeBuckets::new(1, 1.0, 8.0).expect("a range"));
    let size = size.register().expect("a new name");
    for value in [-1.0, 0.5, 1.0, 3.0, 8.0, 9.0] {
        size.observe(value);
    }
    let body = registry.render();
    let lines: Vec<_> = body.lines().filter(|line| line.starts_with("load_")).collect();
    assert_eq!(
        lines,
        [
            "load_bucket{le=\"1.0\"} 2",
            "load_bucket{le=\"2.0\"} 2",
            "load_bucket{le=\"4.0\"} 3",
            "load_bucket{le=\"8.0\"} 4",
            "load_bucket{le=\"+Inf\"} 5",
            "load_sum 21.5",
            "load_count 5",
        ]
    );
    // Other buckets for the same name are a contradiction, also chosen ones that have the same bounds.
    for bounds in [&[1.0][..], &[1.0, 2.0, 4.0, 8.0]] {
        let error = registry.histogram("load").buckets(bounds).register().expect_err("not native");
        let said = error.to_string();
        assert!(said.contains("native(1, 2^0, 2^3), then chosen ones"), "{said}");
    }
    let other = registry.histogram("load").native(NativeBuckets::default()).register();
    let said = other.expect_err("others").to_string();
    assert!(said.contains("native(1, 2^0, 2^3), then native(8, 2^-20, 2^12)"), "{said}");
}
