//! Every kind of metric: as a field of a schema, by builder, with labels and without.

use std::time::Duration;

use yardstick::{
    Counter, Info, LabelSet, LabelValue, MetricSchema, RegisterError, Registry, StateSet, Summary,
    Unit,
    gather::{Kind, Value},
};
use yardstick_tests::judges;

#[derive(Clone, Copy, Debug, LabelValue, PartialEq)]
enum Mode {
    Starting,
    Serving,
    Draining,
}

#[derive(Clone, Copy, LabelSet)]
struct Worker {
    worker: u8,
}

#[derive(LabelSet)]
struct Build {
    version: &'static str,
    commit: &'static str,
}

#[derive(MetricSchema)]
#[metrics(namespace = "kinds", labels(service = "shop"))]
struct Kinds {
    /// Money earned.
    earned: Counter,
    /// Size of messages.
    #[metric(unit = Bytes, quantiles = [0.5, 0.99], window = 10m)]
    message_size: Summary,
    /// Time of jobs.
    #[metric(unit = Seconds)]
    job_time: Summary<Worker>,
    /// What runs here.
    build: Info<Build>,
    /// What it runs on.
    target: Info,
    /// What the process does.
    mode: StateSet<Mode>,
    /// What each worker does.
    worker_mode: StateSet<Mode, Worker>,
}

#[test]
fn a_schema_has_every_kind() {
    let registry = Registry::new();
    let kinds = Kinds::register(&registry).expect("an empty registry");
    kinds.earned.inc_by_f64(0.25);
    kinds.earned.inc_by_f64(1.25);
    for _ in 0..3 {
        kinds.message_size.observe(512.0);
    }
    kinds.job_time.with(&Worker { worker: 1 }).observe_duration(Duration::ZERO);
    kinds.build.set(&Build { version: "1.1.0", commit: "aaaaaaa" });
    kinds.build.set(&Build { version: "1.2.0", commit: "bbbbbbb" });
    kinds.target.set_labels(&[("os", "linux"), ("arch", "x86_64")]).expect("valid names");
    kinds.mode.set(Mode::Serving);
    kinds.worker_mode.with(&Worker { worker: 2 }).set(Mode::Draining);
    let body = registry.render();
    // The sketch answers with the middle of a bin.
    let median = kinds.message_size.quantile(0.5).expect("observations");
    assert!((median - 512.0).abs() <= 5.12, "{median}");
    let body = body.replace(&median.to_string(), "512");
    assert_eq!(body, include_str!("golden/kinds.prom"));
    judges::promtool(&body);
    assert!(!judges::python(&body).is_empty());
    registry.expose_created(false);
    let openmetrics = registry.render_openmetrics().replace(&median.to_string(), "512");
    assert_eq!(openmetrics, include_str!("golden/kinds.openmetrics"));
    assert!(!judges::python_openmetrics(&openmetrics).is_empty());
}

#[test]
fn a_summary_counts_for_ever_and_forgets_its_quantiles() {
    let registry = Registry::new();
    let size = registry.summary("size").unit(Unit::Bytes).help("Size.").register().expect("new");
    for value in [1.0, 2.0, f64::NAN, f64::INFINITY] {
        size.observe(value);
    }
    assert_eq!((size.count(), size.sum(), size.quantile(0.5)), (2, 3.0, None));
    assert!(registry.render().ends_with("size_bytes_sum 3\nsize_bytes_count 2\n"));
    size.reset();
    assert_eq!((size.count(), size.sum()), (0, 0.0));

    let quantiles = [0.0, 0.5, 1.0];
    let window = Duration::from_secs(60);
    let load = registry.summary("load").quantiles(&quantiles, window).help("Load.").register();
    let load = load.expect("a new name");
    assert!(registry.render().contains("load{quantile=\"0.5\"} NaN\n"));
    for value in 1..=1_000 {
        load.observe(f64::from(value));
    }
    for (quantile, exact) in [(0.1, 100.0), (0.5, 500.0), (0.99, 990.0), (1.0, 1_000.0)] {
        let found = load.quantile(quantile).expect("observations");
        assert!((found - exact).abs() <= exact * 0.01 + 1.0, "{quantile}: {found}");
    }
    let error = registry.summary("load").quantiles(&[0.5], window).help("Load.").register();
    assert!(error.is_err(), "other quantiles");
    for wrong in [&[][..], &[0.5, 0.5], &[0.9, 0.5], &[1.5], &[f64::NAN]] {
        let error =
            registry.summary("wrong").quantiles(wrong, window).register().expect_err("wrong");
        assert!(matches!(error, RegisterError::Quantiles { .. }), "{error}");
    }
}

#[test]
fn an_info_is_what_was_set_last() {
    let registry = Registry::new();
    let info = registry.info("target").help("What it runs on.").register().expect("a new name");
    assert_eq!(registry.render(), "");
    info.set_labels(&[("os", "linux")]).expect("valid names");
    info.set_labels(&[("os", "linux"), ("zone", "a")]).expect("valid names");
    for wrong in [&[("a-b", "")][..], &[("__a", "")], &[("a", "1"), ("a", "2")]] {
        assert!(info.set_labels(wrong).is_err());
    }
    assert_eq!(
        registry.render(),
        "# HELP target_info What it runs on.\n# TYPE target_info gauge\n\
         target_info{os=\"linux\",zone=\"a\"} 1\n"
    );
    info.clear();
    assert_eq!(registry.sample_value("target_info", &[("os", "linux")]), None);
}

#[test]
fn a_state_set_is_in_exactly_one_state() {
    let registry = Registry::new();
    let mode: StateSet<Mode, Worker> = registry
        .state_set("mode")
        .help("What each does.")
        .label_set()
        .register()
        .expect("a new name");
    let worker = Worker { worker: 7 };
    let of_worker = mode.with(&worker);
    assert!(of_worker.is(Mode::Starting));
    for state in [Mode::Serving, Mode::Draining, Mode::Serving] {
        of_worker.set(state);
        assert!(of_worker.is(state));
        let sum: f64 = ["starting", "serving", "draining"]
            .into_iter()
            .filter_map(|state| registry.sample_value("mode", &[("mode", state), ("worker", "7")]))
            .sum();
        assert_eq!(
            (sum, of_worker.get()),
            (1.0, if state == Mode::Serving { "serving" } else { "draining" })
        );
    }
    assert!(mode.remove(&worker));
    assert!(!registry.render().contains("worker=\"7\""));
    of_worker.set(Mode::Starting);
    assert!(registry.render().contains("mode{mode=\"starting\",worker=\"7\"} 1\n"));

    let error = registry.state_set::<String>("texts").register().expect_err("no enum");
    assert!(matches!(error, RegisterError::NoStates { .. }), "{error}");

    #[derive(LabelSet)]
    struct Same {
        mode: u8,
    }
    let error = registry.state_set::<Mode>("other").label_set::<Same>().register();
    assert!(error.is_ok(), "only the name of the metric is taken: {error:?}");
    let error = Registry::new().state_set::<Mode>("mode").label_set::<Same>().register();
    assert!(matches!(error, Err(RegisterError::LabelName { violation: None, .. })), "{error:?}");
    let registered = Same { mode: 1 };
    assert_eq!(registered.mode, 1);
}

#[test]
fn a_gather_is_plain_data() {
    let registry = Registry::new();
    let kinds = Kinds::register(&registry).expect("an empty registry");
    kinds.earned.inc_by(u64::MAX);
    kinds.mode.set(Mode::Draining);
    let families = registry.gather();
    let names: Vec<_> = families.iter().map(|family| family.name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    let find = |name: &str| families.iter().find(|family| family.name == name).expect(name);
    let earned = find("kinds_earned_total");
    assert_eq!((earned.kind, earned.help.as_str()), (Kind::Counter, "Money earned."));
    assert_eq!(earned.series[0].labels, [("service".to_owned(), "shop".to_owned())]);
    assert_eq!(earned.series[0].value, Value::Counter { whole: u64::MAX, fraction: 0.0 });
    let Value::StateSet { states, current } = &find("kinds_mode").series[0].value else {
        panic!("a state set")
    };
    assert_eq!(states[*current], "draining");
    // What the samples say is what the text says.
    let lines: Vec<_> = families.iter().flat_map(|f| f.samples()).map(|s| s.to_string()).collect();
    let body = registry.render();
    let expected: Vec<_> = body.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), expected.len());
    // A counter is exact in the text, and a quantile stands behind all other labels there.
    let differ = |line: &&String| line.contains("earned") || line.contains("quantile=");
    for line in lines.iter().filter(|line| !differ(line)) {
        assert!(expected.contains(&line.as_str()), "{line} in\n{body}");
    }
}

#[test]
fn durations_are_refused_where_the_unit_is_another() {
    let refused = || {
        let labels = [("reason", "unit")];
        yardstick::default_registry()
            .sample_value("yardstick_observations_refused_total", &labels)
            .unwrap_or_default()
    };
    let (registry, before) = (Registry::new(), refused());
    let size = registry.histogram("size").unit(Unit::Bytes).register().expect("a new name");
    let summary = registry.summary("sizes").unit(Unit::Bytes).register().expect("a new name");
    size.observe_duration(Duration::from_secs(1));
    drop(size.start_timer());
    size.time(|| ());
    summary.observe_duration(Duration::from_secs(1));
    summary.time(|| ());
    assert_eq!((size.count(), summary.count()), (0, 0));
    assert!(refused() >= before + 5.0);
    size.observe(512.0);
    // A metric that says nothing of its unit takes seconds.
    let plain = registry.histogram("plain").register().expect("a new name");
    plain.observe_duration(Duration::from_secs(1));
    assert_eq!((size.count(), plain.count()), (1, 1));
}

#[test]
fn handles_take_every_number() {
    let registry = Registry::new();
    let depth = registry.gauge("depth").register().expect("a new name");
    depth.set(5);
    depth.set(1.5);
    depth.set(2_u32);
    depth.set("four".len());
    depth.set(f64::from(3_u8) + 1.0);
    depth.inc_by(1);
    depth.dec_by(0.5_f32);
    depth.inc_by(-2_i64);
    assert_eq!(depth.get(), 2.5);
    // Beyond 2^53 not every integer is a double; the nearest one is taken.
    depth.set(u64::MAX);
    assert_eq!(depth.get(), 18_446_744_073_709_551_616.0);

    let sent = registry.counter("sent").register().expect("a new name");
    sent.inc_by(1);
    sent.inc_by(2_u32);
    sent.inc_by("four".len());
    sent.inc_by(u64::MAX / 2);
    assert_eq!(sent.get(), u64::MAX / 2 + 7);
    let size = registry.histogram("size").buckets(&[10.0]).register().expect("a new name");
    size.observe(7);
    size.observe(12_usize);
    size.observe(0.5);
    assert_eq!(size.bucket_counts(), [2, 1]);
    let lag = registry.summary("lag").register().expect("a new name");
    lag.observe(3_i32);
    assert_eq!((lag.count(), lag.sum()), (1, 3.0));
}

#[test]
fn a_negative_count_is_refused_and_counted() {
    let refused = || {
        let labels = [("reason", "negative")];
        yardstick::default_registry()
            .sample_value("yardstick_observations_refused_total", &labels)
            .unwrap_or_default()
    };
    let registry = Registry::new();
    let sent = registry.counter("sent").register().expect("a new name");
    let before = refused();
    sent.inc_by(-1);
    sent.inc_by_with_exemplar(-1_i64, &[("trace_id", "a")]);
    assert_eq!((sent.get(), refused() - before), (0, 2.0));
}
