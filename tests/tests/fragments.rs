//! Arguments that `macro_rules!` passes on are read as if they were written out, and doc comments as rustdoc does.

use yardstick::{Counter, ErrorType, Histogram, LabelSet, LabelValue, MetricSchema, Registry};

macro_rules! expressions {
    ($buckets:expr, $text:expr, $is_error:expr, $cancel:expr, $label:expr) => {
        #[yardstick::track_duration("expressions", buckets = $buckets, help = $text, on_cancel = $cancel)]
        #[yardstick::track_calls("expressions", error_if = $is_error, result_labels(size = $label))]
        async fn expressions() -> Option<u8> {
            None
        }
    };
}

expressions!(linear(1s, 1s, 2), "An expression.", |ret| ret.is_none(), skip, |ret| ret.is_some());

macro_rules! timed {
    ($function:ident, $name:literal, $help:literal, $bound:literal, $range:expr, $value:literal) => {
        #[yardstick::track_duration($name, help = $help, buckets = [$bound, 1s], labels(kind = $value))]
        #[yardstick::track_calls(function = $value)]
        fn $function() {}

        #[yardstick::track_duration("ranged", buckets = $range)]
        fn ranged() {}
    };
}

timed!(timed, "job", "Time of a job.", 5ms, 10ms..100ms, "a");

macro_rules! schema {
    (
        $namespace:literal, $name:literal, $help:literal, $bound:literal, $quantile:literal,
        $window:literal, $max:literal, $unit:path, $key:literal, $style:literal, $value:literal
    ) => {
        #[derive(LabelValue)]
        #[label_value(rename_all = $style)]
        enum Size {
            VerySmall,
            #[label_value(rename = $value)]
            Large,
        }

        #[derive(LabelSet)]
        struct Sizes {
            #[label(rename = $key)]
            size: Size,
        }

        #[derive(ErrorType)]
        #[error_type(rename = $value)]
        struct Failed;

        #[derive(MetricSchema)]
        #[metrics(namespace = $namespace, labels(tier = $value), unlisted)]
        struct Metrics {
            #[metric(name = $name, help = $help, series_max = $max)]
            jobs: Counter<Sizes>,
            /// Sizes.
            #[metric(buckets = [$bound], unit = $unit)]
            sizes: Histogram,
            /// Waits.
            #[metric(quantiles = [$quantile], window = $window)]
            waits: yardstick::Summary,
        }
    };
}

schema!(
    "app",
    "jobs_done",
    "Jobs.",
    10,
    0.5,
    10m,
    7,
    yardstick::Unit::Bytes,
    "how_large",
    "UPPERCASE",
    "x"
);

#[test]
fn literals_are_read_in_the_groups_that_macros_make() {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, || {
        timed();
        ranged();
        let _ = futures_util::FutureExt::now_or_never(expressions());
    });
    let metrics = Metrics::register(&registry).expect("a new registry");
    metrics.jobs.with(&Sizes { size: Size::VerySmall }).inc();
    metrics.jobs.with(&Sizes { size: Size::Large }).inc();
    metrics.sizes.observe(1.0);
    metrics.waits.observe(1.0);
    assert_eq!(Failed.error_type(), "x");
    let body = registry.render();
    for line in [
        "# HELP job_seconds Time of a job.",
        "job_seconds_bucket{kind=\"a\",le=\"0.005\"}",
        "function_calls_total{function=\"a\",module=\"fragments\",outcome=\"ok\"} 1",
        "ranged_seconds_bucket{le=\"0.025\"}",
        "# HELP expressions_seconds An expression.",
        "expressions_seconds_bucket{le=\"2.0\"}",
        "expressions_total{outcome=\"error\",size=\"false\"} 1",
        "# HELP app_jobs_done_total Jobs.",
        "app_jobs_done_total{how_large=\"VERYSMALL\",tier=\"x\"} 1",
        "app_jobs_done_total{how_large=\"x\",tier=\"x\"} 1",
        "app_sizes_bytes_bucket{tier=\"x\",le=\"10.0\"} 1",
        "app_waits{tier=\"x\",quantile=\"0.5\"}",
    ] {
        assert!(body.contains(line), "{line}\n{body}");
    }
}

/**
 * Sorts the index.
 *
 * A second paragraph.
 */
#[yardstick::track_calls("sort")]
fn sort() {}

#[doc = concat!("Merges ", "two", " indexes.")]
#[yardstick::track_calls("merge")]
fn merge() {}

#[doc = include_str!("fragments.rs")]
/// Splits the index.
#[yardstick::track_calls("split")]
fn split() {}

#[test]
fn help_is_the_first_paragraph_of_the_documentation() {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, || {
        sort();
        merge();
        split();
    });
    let body = registry.render();
    let help: Vec<_> = body.lines().filter_map(|line| line.strip_prefix("# HELP ")).collect();
    assert_eq!(
        help,
        [
            "merge_total Merges two indexes.",
            "sort_total Sorts the index.",
            "split_total Splits the index."
        ]
    );
}

#[test]
fn texts_may_be_put_together() {
    #[yardstick::track_calls(concat!("put_", "together"), help = concat!("Help ", 1, "."))]
    fn called() {}
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, called);
    let body = registry.render();
    assert!(body.contains("# HELP put_together_total Help 1.\n"), "{body}");
}
