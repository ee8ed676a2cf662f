//! Metrics that are made before they are registered, shown by several registries, or looked for.

use std::time::Duration;

use yardstick::{
    Counter, Gauge, Histogram, Info, LabelSet, LabelValue, MetricSchema, RegisterError, Registry,
    StateSet, Summary, Unit,
    error::{Both, Difference},
    gather::Kind,
    handle::{Family, NamedStates},
};

#[derive(Clone, Copy, LabelValue)]
enum Method {
    Get,
    Put,
}

#[derive(LabelSet)]
struct Request {
    method: Method,
}

#[derive(LabelSet)]
struct Build {
    version: &'static str,
}

#[derive(MetricSchema)]
#[metrics(unlisted)]
struct Lags {
    /// How late it is.
    #[metric(window = 1m)]
    lag: Summary,
}

/// A metric of each kind, made by nobody's registry.
struct Made {
    jobs: Counter,
    by_queue: Family<Counter, 1>,
    requests: Counter<Request>,
    depth: Gauge,
    wait: Histogram,
    size: Summary,
    build: Info<Build>,
    role: StateSet<NamedStates>,
}

impl Made {
    fn new() -> Result<Self, RegisterError> {
        let registry = yardstick::default_registry();
        Ok(Self {
            jobs: Counter::new("jobs", "Jobs.")?,
            by_queue: Counter::builder("queued").help("Queued.").labels(["queue"]).build()?,
            requests: Counter::builder("requests").help("Requests.").label_set().build()?,
            depth: Gauge::new("depth", "Depth.")?,
            wait: Histogram::builder("wait")
                .unit(Unit::Bytes)
                .buckets(&[1.0])
                .help("Wait.")
                .build()?,
            size: Summary::new("size", "Size.")?,
            build: registry.info("built").help("Build.").label_set().build()?,
            role: registry.state_set_of("role", &["idle", "busy"]).help("Role.").build()?,
        })
    }

    fn register(&self, registry: &Registry) -> Result<(), RegisterError> {
        registry.register(&self.jobs)?;
        registry.register(&self.by_queue)?;
        registry.register(&self.requests)?;
        registry.register(&self.depth)?;
        registry.register(&self.wait)?;
        registry.register(&self.size)?;
        registry.register(&self.build)?;
        registry.register(&self.role)
    }
}

const EXPECTED: &str = "\
# HELP built_info Build.
# TYPE built_info gauge
built_info{version=\"1\"} 1
# HELP depth Depth.
# TYPE depth gauge
depth 4
# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total 2
# HELP queued_total Queued.
# TYPE queued_total counter
queued_total{queue=\"mail\"} 1
# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{method=\"get\"} 0
requests_total{method=\"put\"} 1
# HELP role Role.
# TYPE role gauge
role{role=\"idle\"} 0
role{role=\"busy\"} 1
# HELP size Size.
# TYPE size summary
size_sum 3
size_count 1
# HELP wait_bytes Wait.
# TYPE wait_bytes histogram
wait_bytes_bucket{le=\"1.0\"} 0
wait_bytes_bucket{le=\"+Inf\"} 1
wait_bytes_sum 2
wait_bytes_count 1
";

#[test]
fn a_metric_is_made_first_and_registered_in_several_registries() {
    let made = Made::new().expect("valid metrics");
    made.jobs.inc();
    let (one, two) = (Registry::new(), Registry::new());
    made.register(&one).expect("free names");
    made.jobs.inc();
    made.by_queue.get_or_create(["mail"]).expect("room").inc();
    made.requests.with(&Request { method: Method::Put }).inc();
    made.depth.set(4);
    made.wait.observe(2);
    made.size.observe(3);
    made.build.set(&Build { version: "1" });
    made.role.set("busy");
    made.register(&two).expect("free names");
    made.register(&two).expect("they are there already");
    assert_eq!(one.render(), EXPECTED);
    assert_eq!(two.render(), EXPECTED);
    assert!(!yardstick::render().contains("jobs_total"), "no registry has it by itself");

    assert!(one.unregister("jobs_total"));
    made.jobs.inc();
    assert_eq!(one.sample_value("jobs_total", &[]), None);
    assert_eq!(two.sample_value("jobs_total", &[]), Some(3.0));
    // It may come back, with all that it counted.
    one.register(&made.jobs).expect("the name is free again");
    assert_eq!(one.render(), two.render());
}

#[test]
fn a_metric_of_one_registry_can_be_shown_by_another() {
    let (own, all) = (Registry::new(), Registry::new());
    let jobs = own.counter("jobs").help("Jobs.").register().expect("a new name");
    all.register(&jobs).expect("a free name");
    jobs.inc();
    assert_eq!(own.render(), all.render());
    // Whoever declares it there gets the same series.
    all.counter("jobs").help("Jobs.").register().expect("the same").inc();
    assert_eq!(jobs.get(), 2);
}

#[test]
fn what_cannot_be_registered_is_a_typed_error() {
    let error = Counter::new("a-b", "Dash.").expect_err("a dash");
    assert!(matches!(error, RegisterError::MetricName { .. }), "{error}");
    let error = Gauge::new("depth", " ").expect_err("no help");
    assert!(matches!(error, RegisterError::EmptyHelp { .. }), "{error}");
    let error = Histogram::builder("wait").buckets(&[2.0, 1.0]).build().expect_err("falling");
    assert!(matches!(error, RegisterError::Bounds { .. }), "{error}");

    let registry = Registry::new();
    registry.gauge("jobs").register().expect("a new name");
    let line = line!() - 1;
    let jobs = Counter::new("jobs", "Jobs.").expect("a valid metric");
    let error = registry.register(&jobs).expect_err("`jobs_total` is `jobs` to OpenMetrics");
    let RegisterError::SampleName { first, second, .. } = &error else { panic!("{error}") };
    assert!(first.line == line && second.line == line + 3, "{error}");

    let queued = Counter::builder("queued").labels(["queue"]).build().expect("a valid family");
    let mail = queued.get_or_create(["mail"]).expect("room");
    let error = registry.register(&mail).expect_err("one of several series");
    assert!(matches!(error, RegisterError::OneSeries { .. }), "{error}");
    assert!(error.to_string().contains("register the metric that it was taken from"), "{error}");
    registry.register(&queued).expect("a free name");
}

#[test]
fn a_family_is_found_by_its_name() {
    let registry = Registry::new();
    let missing = registry.counter("jobs").find().expect_err("nothing is registered");
    assert!(matches!(missing, RegisterError::UnknownFamily { nearest: None, .. }), "{missing}");
    assert_eq!(registry.render(), "", "looking for it makes nothing");

    registry.counter("jobs").help("Jobs.").register().expect("a new name").inc();
    assert_eq!(registry.counter("jobs").find().expect("it is there").get(), 1);
    assert_eq!(registry.counter("jobs_total").find().expect("as it is exposed").get(), 1);
    let missing = registry.counter("jbos").find().expect_err("misspelt").to_string();
    assert!(missing.ends_with("; did you mean `jobs_total`?"), "{missing}");

    registry.histogram("wait").register().expect("a new name");
    let kind = registry.gauge("wait").find().expect_err("a histogram");
    let RegisterError::Conflict { difference, .. } = kind else { panic!("{kind}") };
    assert_eq!(difference, Difference::Kind(Both { first: Kind::Histogram, second: Kind::Gauge }));
    let labels = registry.counter("jobs").labels(["queue"]).find().map(drop);
    let Err(RegisterError::Conflict { difference, .. }) = labels else { panic!("{labels:?}") };
    let (first, second) = (vec![], vec!["queue".to_owned()]);
    assert_eq!(difference, Difference::Labels(Both { first, second }));

    registry.counter("queued").labels(["queue"]).register().expect("a new name");
    let queued = registry.counter("queued").labels(["queue"]).find().expect("it is there");
    queued.get_or_create(["mail"]).expect("room").inc();
    let requests = registry.counter("requests").label_set::<Request>();
    requests.register().expect("a new name").with(&Request { method: Method::Get }).inc();
    let requests = registry.counter("requests").label_set::<Request>().find().expect("there");
    assert_eq!(requests.with(&Request { method: Method::Get }).get(), 1);
    registry.state_set_of("role", &["idle", "busy"]).register().expect("a new name").set("busy");
    let role = registry.state_set_of("role", &["idle", "busy"]).find().expect("it is there");
    assert!(role.is("busy"));
    let build = registry.info("built").find().map(drop);
    assert!(matches!(build, Err(RegisterError::UnknownFamily { .. })), "{build:?}");

    // What the facade recorded is found by its handle's kind, but no series is made for it.
    metrics::with_local_recorder(&registry, || {
        metrics::counter!("calls", "path" => "/").increment(1);
        metrics::counter!("starts").increment(1);
    });
    assert_eq!(registry.counter("starts").find().expect("it is there").get(), 1);
    assert!(registry.counter("calls").find().is_err(), "all of its series have a label");
    assert!(!registry.render().contains("calls_total 0"));
}

#[test]
fn states_may_be_known_at_run_time() {
    let refused = || {
        let labels = [("reason", "state")];
        yardstick::default_registry()
            .sample_value("yardstick_observations_refused_total", &labels)
            .expect("it exists from the first")
    };
    let registry = Registry::new();
    let names: Vec<String> = ["idle", "busy"].map(str::to_owned).into();
    let states: Vec<&str> = names.iter().map(String::as_str).collect();
    let role = registry.state_set_of("role", &states).label_set::<Request>().register();
    let get = role.expect("a new name").with(&Request { method: Method::Get });
    assert_eq!((get.get(), get.states()), ("idle", &["idle", "busy"][..]));
    let before = refused();
    assert!(get.set("busy") && !get.set("bsuy"));
    assert!((refused() - before - 1.0).abs() < f64::EPSILON);
    let value = |state| registry.sample_value("role", &[("role", state), ("method", "get")]);
    assert_eq!((value("idle"), value("busy")), (Some(0.0), Some(1.0)));

    let twice = registry.state_set_of("twice", &["a", "a"]).register().expect_err("twice");
    assert!(twice.to_string().ends_with("is named twice"), "{twice}");
    let empty = registry.state_set_of("empty", &["a", ""]).register().expect_err("no name");
    assert!(matches!(empty, RegisterError::State { .. }), "{empty}");
    let none = registry.state_set_of("none", &[]).register().expect_err("no states");
    assert!(matches!(none, RegisterError::NoStates { .. }), "{none}");
    let other = registry.state_set_of("role", &["busy", "idle"]).label_set::<Request>();
    let other = other.register().expect_err("in another order");
    assert!(matches!(other, RegisterError::Conflict { .. }), "{other}");
}

#[test]
fn a_quantile_can_be_asked_for_without_being_exposed() {
    let registry = Registry::new();
    let window = Duration::from_secs(60);
    let size = registry.summary("size").window(window).help("Size.").register().expect("new");
    for value in 1..=100 {
        size.observe(value);
    }
    for quantile in [0.5, 0.99] {
        let found = size.quantile(quantile).expect("observations");
        assert!((found - quantile * 100.0).abs() <= 2.0, "{quantile}: {found}");
    }
    assert_eq!(
        registry.render(),
        "# HELP size Size.\n# TYPE size summary\nsize_sum 5050\nsize_count 100\n"
    );
    // The same in a schema: a window and no quantiles.
    let lags = Lags::register(&registry).expect("a new name");
    lags.lag.observe(3);
    assert!(lags.lag.quantile(1.0).is_some_and(|lag| (lag - 3.0).abs() <= 0.03));
    assert_eq!(registry.sample_value("lag", &[("quantile", "1")]), None);

    let other = registry.summary("size").help("Size.").register().expect_err("no window");
    let RegisterError::Conflict { difference, .. } = other else { panic!("{other}") };
    assert_eq!(difference, Difference::Window(Both { first: Some(window), second: None }));
    let none = registry.summary("none").window(Duration::ZERO).register().expect_err("no time");
    assert!(matches!(none, RegisterError::Quantiles { .. }), "{none}");
}

#[test]
fn a_cumulative_bucket_is_read_by_its_bound() {
    let registry = Registry::new();
    let wait = registry
        .histogram("wait")
        .unit(Unit::Seconds)
        .buckets(&[0.005, 0.5])
        .register()
        .expect("a new name");
    let size = registry.histogram("size").buckets(&[1.0, 2.5]).register().expect("a new name");
    for value in [0.004, 0.005, 0.3, 7.0] {
        wait.observe(value);
        size.observe(value);
    }
    let buckets = [0.005, 0.5, f64::INFINITY, 1.0].map(|bound| wait.bucket_le(bound));
    assert_eq!(buckets, [Some(2), Some(3), Some(4), None]);
    let buckets = [1.0, 2.5, f64::INFINITY, f64::NAN].map(|bound| size.bucket_le(bound));
    assert_eq!(buckets, [Some(3), Some(3), Some(4), None]);
    assert_eq!(size.bucket_le(1), Some(3));
}
