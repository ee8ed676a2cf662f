//! One program under every recorder: each attribute, each exit, and labels of every source.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use yardstick::{track_active, track_calls, track_duration, track_errors};

/// Answers one query.
#[track_duration("query", labels(endpoint = "/query", method = method), buckets = [1ms, 1s])]
#[track_errors("query_errors", error_type = |_| "refused")]
#[track_calls]
#[track_active("queries_active")]
fn answer(method: &str, fails: bool) -> Result<u16, ()> {
    assert_ne!(method, "panic", "on purpose");
    if fails { Err(()) } else { Ok(200) }
}

/// Fetches one page.
#[track_calls("fetches", result_labels(status = |status| *status))]
#[track_duration("fetch", on_cancel = skip, buckets = [1ms, 1s])]
#[track_active]
async fn fetch(status: u16) -> u16 {
    tokio::task::yield_now().await;
    status
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn run<F: Future>(future: F) {
    let mut future = pin!(future);
    while poll_once(future.as_mut()).is_pending() {}
}

/// Makes the same calls each time; every value goes up by what [`expected`] says.
pub(crate) fn calls() {
    for (method, fails) in [("get", false), ("get", true), ("put", false), ("panic", false)] {
        let _ = catch_unwind(|| answer(method, fails));
    }
    for status in [200, 200, 404] {
        run(fetch(status));
    }
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut cancelled = Box::pin(fetch(200));
        assert!(poll_once(cancelled.as_mut()).is_pending());
    }));
}

/// The series that are not zero after so many rounds of [`calls`], each with its labels in order.
pub(crate) fn expected(rounds: u32) -> Vec<String> {
    let module = module_path!();
    let calls = |outcome: &str| {
        format!(
            "function_calls_total{{function=\"answer\",module=\"{module}\",outcome=\"{outcome}\"}}"
        )
    };
    let query =
        |method: &str| format!("query_seconds_count{{endpoint=\"/query\",method=\"{method}\"}}");
    let fetches = |outcome: &str, status: &str| {
        format!("fetches_total{{outcome=\"{outcome}\",status=\"{status}\"}}")
    };
    let errors = |error_type: &str| format!("query_errors_total{{error_type=\"{error_type}\"}}");
    let mut lines: Vec<String> = [
        (calls("ok"), 2),
        (calls("error"), 1),
        (calls("panic"), 1),
        (query("get"), 2),
        (query("put"), 1),
        (query("panic"), 1),
        (fetches("ok", "200"), 2),
        (fetches("ok", "404"), 1),
        (fetches("cancelled", "_none"), 1),
        ("fetch_seconds_count".to_owned(), 3),
        (errors("refused"), 1),
        (errors("panic"), 1),
    ]
    .into_iter()
    .map(|(series, count)| format!("{series} {}", count * rounds))
    .collect();
    lines.sort();
    lines
}

/// The lines of a scrape that tell counts and are not zero, with their labels in order.
pub(crate) fn counts(body: &str) -> Vec<String> {
    let is_count = |line: &&str| {
        let is_part = line.contains("_bucket{") || line.contains("_sum");
        !line.starts_with('#') && !line.is_empty() && !is_part && !line.ends_with(" 0")
    };
    let mut lines: Vec<_> = body.lines().filter(is_count).map(in_order).collect();
    lines.sort();
    lines
}

/// A line with its labels sorted. No value here has a comma in it.
pub(crate) fn in_order(line: &str) -> String {
    let Some((name, rest)) = line.split_once('{') else { return line.to_owned() };
    let (labels, value) = rest.split_once('}').expect("a closing brace");
    let mut labels: Vec<_> = labels.split(',').collect();
    labels.sort_unstable();
    format!("{name}{{{}}}{value}", labels.join(","))
}
