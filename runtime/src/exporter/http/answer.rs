//! What is answered to each request.

use std::{convert::Infallible, io::Write as _, time::Instant};

use flate2::{Compression, write::GzEncoder};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{
        ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};

use super::{
    body::Pieces,
    negotiate::{Format, accepts_gzip},
    page,
    scrapes::Scrapes,
};
use crate::{exposition::openmetrics, exposition::text, registry::default_registry};

const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Answers one request.
pub(super) fn answer(
    request: &Request<Incoming>,
    scrapes: &Scrapes,
) -> Result<Response<Pieces>, Infallible> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = matches!(request.uri().path(), "/metrics" | "/" | "/-/healthy" | "/-/ready");
    let mut response = match (request.uri().path(), is_read) {
        (_, false) if known => {
            let refused = "only GET and HEAD are served here\n";
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, refused);
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            refused
        }
        ("/metrics", _) => scrape(request.headers(), scrapes),
        ("/", _) => landing_page(),
        ("/-/healthy", _) => plain(StatusCode::OK, "healthy\n"),
        ("/-/ready", _) => plain(StatusCode::OK, "ready\n"),
        _ => plain(StatusCode::NOT_FOUND, "metrics are served at /metrics\n"),
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // hyper leaves the body of an answer to HEAD out and keeps its length.
    Ok(response)
}

/// Answers a scrape in the format that these headers ask for.
pub(crate) fn scrape(asked: &HeaderMap, scrapes: &Scrapes) -> Response<Pieces> {
    let Some(place) = scrapes.begin() else {
        let mut refused =
            plain(StatusCode::SERVICE_UNAVAILABLE, "too many scrapes are under way\n");
        refused.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        return refused;
    };
    let start = Instant::now();
    let (mut response, bytes) = exposition(asked);
    scrapes.rendered(start.elapsed(), bytes);
    response.body_mut().hold(place);
    response
}

/// The exposition as it is asked for, and its size before it was zipped.
fn exposition(asked: &HeaderMap) -> (Response<Pieces>, usize) {
    let registry = default_registry();
    let (content_type, body) = match Format::of(&values(asked, &ACCEPT)) {
        Format::Text => (text::CONTENT_TYPE, registry.render()),
        Format::OpenMetrics => (openmetrics::CONTENT_TYPE, registry.render_openmetrics()),
    };
    let bytes = body.len();
    let zipped =
        accepts_gzip(&values(asked, &ACCEPT_ENCODING)).then(|| gzip(body.as_bytes())).flatten();
    let is_zipped = zipped.is_some();
    let body = zipped.unwrap_or_else(|| body.into_bytes());
    let mut response = with_type(StatusCode::OK, content_type, body);
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    if is_zipped {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    (response, bytes)
}

/// The values of a header, which may stand there several times, as one list.
fn values(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// The bytes in gzip's format; `None` if that cannot be.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn landing_page() -> Response<Pieces> {
    let page = page::render(&default_registry().gather());
    let mut response = with_type(StatusCode::OK, HTML, page.into_bytes());
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Pieces> {
    with_type(status, PLAIN, text.into())
}

fn with_type(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Pieces> {
    let mut response = Response::new(Pieces::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
