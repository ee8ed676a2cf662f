//! What is answered to each request.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
#[cfg(feature = "tls")]
use hyper::header::WWW_AUTHENTICATE;
use hyper::{
    Method, Request, Response, StatusCode, Version,
    body::{Bytes, Incoming},
    header::{
        ACCEPT, ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
        RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};

#[cfg(feature = "tls")]
use super::access::Settings;
use super::{
    Endpoint,
    body::Pieces,
    negotiate::{Format, accepts_gzip},
    page,
    phase::Progress,
    scrapes::{Scrapes, Wanted},
};
use crate::{
    exposition::{openmetrics, protobuf, text},
    registry::Registry,
};

const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Answers one request.
pub(super) async fn answer(
    request: &Request<Incoming>,
    endpoint: &Endpoint,
    progress: &Progress,
) -> Response<Pieces> {
    #[cfg(feature = "tls")]
    let settings = endpoint.access.current();
    let refused = if has_one_host(request) {
        #[cfg(feature = "tls")]
        let refused = unauthorized(request, endpoint, &settings).await;
        #[cfg(not(feature = "tls"))]
        let refused = None;
        refused
    } else {
        Some(without_host())
    };
    // Until here the connection could be made to go for another one: whoever guesses passwords, which takes long to
    // find out, crowds out nobody.
    let answering = progress.answering();
    let mut response = match refused {
        Some(refused) => refused,
        None => route(request, endpoint).await,
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    #[cfg(feature = "tls")]
    headers.extend(settings.headers().clone());
    response.body_mut().keep(answering);
    response
}

/// The answer to a request that does not show what is asked for.
#[cfg(feature = "tls")]
async fn unauthorized(
    request: &Request<Incoming>,
    endpoint: &Endpoint,
    settings: &Settings,
) -> Option<Response<Pieces>> {
    let challenge = endpoint.access.check(settings, request.headers()).await.err()?;
    let mut refused = plain(StatusCode::UNAUTHORIZED, "credentials are missing or wrong\n");
    refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    Some(refused)
}

fn without_host() -> Response<Pieces> {
    let refused = "a request of HTTP/1.1 has one Host header (RFC 9112, section 3.2)\n";
    let mut refused = plain(StatusCode::BAD_REQUEST, refused);
    refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    refused
}

/// HTTP/1.0 has no such header; a request that has two may mean one thing to a proxy and another to us.
fn has_one_host(request: &Request<Incoming>) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11)
}

async fn route(request: &Request<Incoming>, endpoint: &Endpoint) -> Response<Pieces> {
    match request.uri().path() {
        "/metrics" => {
            scrape_or_refuse(request.method(), request.headers(), &endpoint.scrapes).await
        }
        "/" | "/-/healthy" | "/-/ready" if !is_read(request.method()) => not_allowed(),
        "/" => landing_page(endpoint.scrapes.registry()),
        "/-/healthy" => plain(StatusCode::OK, "healthy\n"),
        "/-/ready" => plain(StatusCode::OK, "ready\n"),
        _ => plain(StatusCode::NOT_FOUND, "metrics are served at /metrics\n"),
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn not_allowed() -> Response<Pieces> {
    let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are served here\n");
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    refused
}

/// Answers a scrape in the format that these headers ask for, and refuses other methods.
pub(crate) async fn scrape_or_refuse(
    method: &Method,
    asked: &HeaderMap,
    scrapes: &Scrapes,
) -> Response<Pieces> {
    if !is_read(method) {
        return not_allowed();
    }
    let Some(scrape) = scrapes.begin() else {
        let mut refused =
            plain(StatusCode::SERVICE_UNAVAILABLE, "too many scrapes are under way\n");
        refused.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        return refused;
    };
    let wanted = Wanted {
        format: Format::of(&values(asked, &ACCEPT)),
        is_zipped: accepts_gzip(&values(asked, &ACCEPT_ENCODING)),
    };
    let exposition = scrapes.share(wanted, || render(scrapes.registry(), wanted)).await;
    let length = exposition.len();
    let body = if method == Method::HEAD {
        scrape.end();
        Pieces::new(Bytes::new())
    } else {
        Pieces::of_scrape(exposition, scrape)
    };
    let content_type = match wanted.format {
        Format::Text => text::CONTENT_TYPE,
        Format::OpenMetrics => openmetrics::CONTENT_TYPE,
        Format::Protobuf => protobuf::CONTENT_TYPE,
    };
    let mut response = with_type(StatusCode::OK, content_type, body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    if wanted.is_zipped {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The exposition, and its size before it was zipped.
fn render(registry: &Registry, wanted: Wanted) -> (Bytes, usize) {
    let plain = match wanted.format {
        Format::Text => registry.render().into_bytes(),
        Format::OpenMetrics => registry.render_openmetrics().into_bytes(),
        Format::Protobuf => registry.render_protobuf(),
    };
    let bytes = plain.len();
    let body = if wanted.is_zipped { gzip(&plain) } else { plain };
    (Bytes::from(body), bytes)
}

/// The values of a header, which may stand there several times, as one list.
fn values(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// The bytes in gzip's format.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to memory cannot fail")
}

fn landing_page(registry: &Registry) -> Response<Pieces> {
    let page = page::render(&registry.notices(), &registry.gather());
    let mut response = with_type(StatusCode::OK, HTML, Pieces::new(page));
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Pieces> {
    with_type(status, PLAIN, Pieces::new(text))
}

fn with_type(status: StatusCode, content_type: &'static str, body: Pieces) -> Response<Pieces> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
