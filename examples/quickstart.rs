//! A small query service under simulated traffic, scraped at `/metrics`.
//!
//! Run it with `cargo run --example quickstart`, open the address it prints, stop it with Ctrl-C.
//! `YARDSTICK_ADDR` overrides the address.

use std::{error::Error, net::SocketAddr, time::Duration};

use tokio::time::{sleep, timeout};
use yardstick::{
    Counter, ErrorType, LabelSet, LabelValue, MetricSchema, track, track_active, track_calls,
    track_duration, track_errors,
};

#[derive(Clone, Copy, LabelValue)]
enum Method {
    Get,
    Post,
}

#[derive(Debug, ErrorType)]
enum QueryError {
    Empty,
    TooLong,
}

#[derive(LabelSet)]
struct CacheLabels {
    cache_name: &'static str,
    hit: bool,
}

#[derive(MetricSchema)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Look-ups in caches, by whether they found their key.
    cache_requests: Counter<CacheLabels>,
}

/// Answers one query.
#[track_duration(
    "query_duration",
    labels(endpoint = "/query", method: Method = method),
    buckets = 5ms..10s
)]
#[track_errors]
#[track_calls]
#[track_active]
async fn answer(method: Method, query: &str) -> Result<usize, QueryError> {
    let words = Splitter.split(query)?;
    let hit = words > 2;
    ShopMetrics::cache_requests().with(&CacheLabels { cache_name: "answers", hit }).inc();
    let think = match method {
        Method::Get => 10,
        Method::Post => 30,
    };
    sleep(Duration::from_millis(think * words as u64)).await;
    Ok(words)
}

struct Splitter;

#[track]
impl Splitter {
    fn split(&self, query: &str) -> Result<usize, QueryError> {
        assert!(!query.contains('\0'), "queries are text");
        match query.split_whitespace().count() {
            0 => Err(QueryError::Empty),
            words if words > 6 => Err(QueryError::TooLong),
            words => Ok(words),
        }
    }
}

/// One round of what clients do: most calls succeed, some fail, one is too slow for its client, and now
/// and then one hits a bug.
async fn traffic(round: u64) {
    for (method, query) in [
        (Method::Get, "open source"),
        (Method::Post, "the quick brown fox jumps"),
        (Method::Get, ""),
        (Method::Post, "a query that is far too long to answer"),
    ] {
        // Errors are part of the traffic; the metrics tell of them.
        let _ = answer(method, query).await;
    }
    let impatient = answer(Method::Post, "one two three four five six");
    let _ = timeout(Duration::from_millis(20), impatient).await;
    if round.is_multiple_of(10) {
        let _ = tokio::spawn(answer(Method::Get, "\0")).await;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("YARDSTICK_ADDR").unwrap_or_else(|_| "127.0.0.1:9464".to_owned());
    let address: SocketAddr = address.parse().map_err(|_| {
        format!("YARDSTICK_ADDR is `{address}`; write an address such as 127.0.0.1:0")
    })?;
    let exporter = yardstick::exporter().listen(address).install()?;
    println!("metrics: http://{}/metrics", exporter.local_addr());
    println!("PromQL worth trying:");
    println!("  sum by (outcome) (rate(function_calls_total{{function=\"answer\"}}[1m]))");
    println!(
        "  histogram_quantile(0.9, sum by (le, method) (rate(query_duration_seconds_bucket[1m])))"
    );
    println!("  sum by (hit) (rate(shop_cache_requests_total[1m]))");
    println!("  sum by (function, error_type) (rate(function_errors_total[1m]))");
    // The simulated bug would fill the terminal with backtraces.
    std::panic::set_hook(Box::new(|_| {}));
    let forever = async {
        for round in 0.. {
            traffic(round).await;
        }
    };
    tokio::select! {
        () = forever => {}
        stop = tokio::signal::ctrl_c() => stop?,
    }
    exporter.shutdown().await?;
    println!("stopped");
    Ok(())
}
