//! How does an application of axum track its requests, and show its metrics itself?
//!
//! `cargo run --example axum_requests --features axum` serves three routes, asks for them, and prints what a scrape
//! then shows: all but buckets and what the toolkit tells of itself. With `YARDSTICK_ADDR` set, it serves there until Ctrl-C.

use std::{error::Error, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use yardstick::{
    Counter, Gauge, LabelSet, MetricSchema, Outcome,
    handle::InProgress,
    tower::{
        Method, RequestInfo, RequestMetrics, ResponseInfo, Route, SemanticConventions, StatusClass,
        track_requests,
    },
    track_calls,
};

/// The route is its template, so there are as many as the application declares.
#[derive(LabelSet)]
struct RequestLabels {
    method: Method,
    route: Option<Route>,
    status: Option<StatusClass>,
}

/// The application's own view of its requests, beside OpenTelemetry's.
#[derive(MetricSchema)]
#[metrics(namespace = "shop")]
struct ShopRequests {
    /// Requests that were answered to their end.
    requests: Counter<RequestLabels>,
    /// Requests under way.
    requests_active: Gauge,
    /// Bytes that clients were sent.
    #[metric(unit = Bytes)]
    sent: Counter,
}

impl RequestMetrics for ShopRequests {
    type InFlight = InProgress;

    fn begin(&self, _: &RequestInfo) -> InProgress {
        self.requests_active.track_in_progress()
    }

    fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
        self.sent.inc_by(response.response_body_bytes());
        if response.outcome() == Outcome::Ok {
            let labels = RequestLabels {
                method: request.method(),
                route: request.route().cloned(),
                status: response.status_class(),
            };
            self.requests.with(&labels).inc();
        }
    }
}

#[track_calls("orders", labels(kind = "read"))]
async fn order(Path(id): Path<u32>) -> Result<String, StatusCode> {
    tokio::time::sleep(Duration::from_millis(5)).await;
    if id < 100 { Ok(format!("order {id}\n")) } else { Err(StatusCode::NOT_FOUND) }
}

#[track_calls("orders", labels(kind = "write"))]
async fn place(body: String) -> (StatusCode, String) {
    (StatusCode::CREATED, format!("placed {body}\n"))
}

fn application() -> Router {
    Router::new()
        .route("/orders/{id}", get(order))
        .route("/orders", post(place))
        // What is above is tracked, by both; what is below is not.
        .layer(track_requests(SemanticConventions::global()))
        .layer(track_requests(ShopRequests::global()))
        .merge(yardstick::axum::router())
}

/// Asks over a connection of its own.
async fn ask(address: SocketAddr, head: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let chosen = std::env::var("YARDSTICK_ADDR").ok();
    let listener = TcpListener::bind(chosen.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let address = listener.local_addr()?;
    println!("metrics: http://{address}/metrics");
    let serve = axum::serve(listener, application());
    if chosen.is_some() {
        return Ok(serve
            .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
            .await?);
    }
    tokio::spawn(serve.into_future());
    for head in ["GET /orders/1 HTTP/1.1", "GET /orders/2 HTTP/1.1", "GET /orders/100 HTTP/1.1"] {
        ask(address, head).await?;
    }
    ask(address, "POST /orders HTTP/1.1\r\nContent-Length: 0").await?;
    let exposition = ask(address, "GET /metrics HTTP/1.1").await?;
    let lines = exposition.lines().skip_while(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.contains("yardstick_") && !line.contains("_bucket{")) {
        println!("{line}");
    }
    // An example that shows nothing has not shown how it is done.
    let expected = "orders_total{kind=\"read\",outcome=\"ok\"} 2";
    let is_shown = exposition.lines().any(|line| line == expected);
    if is_shown { Ok(()) } else { Err(format!("`{expected}` is not in the exposition").into()) }
}
