//! What is answered to each request.

use std::{convert::Infallible, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{
        ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        HeaderMap, HeaderName, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};

use super::{
    negotiate::{Format, accepts_gzip},
    page,
};
use crate::{exposition::openmetrics, exposition::text, registry::default_registry};

const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Answers one request.
pub(super) fn answer(request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = matches!(request.uri().path(), "/metrics" | "/" | "/-/healthy" | "/-/ready");
    let mut response = match (request.uri().path(), is_read) {
        (_, false) if known => {
            let refused = "only GET and HEAD are served here\n";
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, refused);
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            refused
        }
        ("/metrics", _) => exposition(request.headers()),
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

fn exposition(asked: &HeaderMap) -> Response<Full<Bytes>> {
    let registry = default_registry();
    let (content_type, body) = match Format::of(&values(asked, &ACCEPT)) {
        Format::Text => (text::CONTENT_TYPE, registry.render()),
        Format::OpenMetrics => (openmetrics::CONTENT_TYPE, registry.render_openmetrics()),
    };
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
    response
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

fn landing_page() -> Response<Full<Bytes>> {
    let page = page::render(&default_registry().gather());
    let mut response = with_type(StatusCode::OK, HTML, page.into_bytes());
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    with_type(status, PLAIN, text.into())
}

fn with_type(
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
