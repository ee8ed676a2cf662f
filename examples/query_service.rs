//! How does a query service declare its metrics once and let attributes record them?
//!
//! `cargo run --example query_service` answers some queries and prints what a scrape then shows.

use std::{error::Error, time::Duration};

use tokio::time::sleep;
use yardstick::{
    ByErrorType, Counter, ErrorType, Gauge, Histogram, LabelSet, LabelValue, MetricSchema,
    track_active, track_duration, track_errors,
};

#[derive(Clone, Copy, LabelValue)]
enum Method {
    Get,
    Post,
}

#[derive(Clone, Copy, LabelValue)]
enum Status {
    Ok,
    BadRequest,
    Unavailable,
}

#[derive(Clone, Copy, LabelValue)]
enum Source {
    Index,
    Archive,
}

/// How a request ended is known when it has: until then, and for those that are cancelled, there is no status.
#[derive(LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
    method: Method,
    status: Option<Status>,
}

#[derive(LabelSet)]
struct RetrievalLabels {
    operation: &'static str,
    source: Source,
}

#[derive(LabelSet)]
struct FunctionLabels {
    endpoint: &'static str,
    function: &'static str,
}

#[derive(MetricSchema)]
#[metrics(namespace = "query")]
struct QueryMetrics {
    /// Time to answer a request.
    #[metric(unit = Seconds, buckets = 5ms..10s)]
    request_duration: Histogram<RequestLabels>,
    /// Time to retrieve documents.
    #[metric(unit = Seconds, buckets = 1ms..5s)]
    retrieval_duration: Histogram<RetrievalLabels>,
    /// Requests that failed, by error.
    errors: Counter<ByErrorType<FunctionLabels>>,
    /// Requests in flight.
    requests_active: Gauge,
}

#[derive(Debug, ErrorType)]
enum QueryError {
    Empty,
    ArchiveOffline,
}

#[track_duration(
    QueryMetrics::request_duration,
    labels = RequestLabels { endpoint: "/query", method, status: None },
    result_labels(status = |answer| Some(status(answer)))
)]
#[track_errors(
    QueryMetrics::errors,
    labels = FunctionLabels { endpoint: "/query", function: "answer" }
)]
#[track_active(QueryMetrics::requests_active)]
async fn answer(method: Method, query: &str) -> Result<usize, QueryError> {
    if query.is_empty() {
        return Err(QueryError::Empty);
    }
    let found = retrieve(Source::Index, query).await?;
    Ok(if found == 0 { retrieve(Source::Archive, query).await? } else { found })
}

#[track_duration(
    QueryMetrics::retrieval_duration,
    labels = RetrievalLabels { operation: "search", source }
)]
async fn retrieve(source: Source, query: &str) -> Result<usize, QueryError> {
    sleep(Duration::from_millis(2)).await;
    match source {
        Source::Index => Ok(query.matches("open").count()),
        Source::Archive if query.contains("lost") => Err(QueryError::ArchiveOffline),
        Source::Archive => Ok(1),
    }
}

fn status(answer: &Result<usize, QueryError>) -> Status {
    match answer {
        Ok(_) => Status::Ok,
        Err(QueryError::Empty) => Status::BadRequest,
        Err(QueryError::ArchiveOffline) => Status::Unavailable,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    for query in ["open source", "closed source", "", "lost and found"] {
        // Errors are part of the traffic; the metrics tell of them.
        let _ = answer(Method::Get, query).await;
    }
    let _ = tokio::time::timeout(Duration::ZERO, answer(Method::Post, "too slow")).await;
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown().await?)
}
