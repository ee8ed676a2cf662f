//! Routes of the endpoint, and the headers of every response.

#[cfg(feature = "tls")]
use hyper::header::WWW_AUTHENTICATE;
use hyper::{
    Method, Request, Response, StatusCode, Version,
    body::Bytes,
    header::{
        ACCEPT, ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
        RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};

#[cfg(feature = "tls")]
use super::auth::{Denied, Settings};
use super::{
    Endpoint,
    body::ScrapeBody,
    connections::Place,
    gathering::Wanted,
    negotiate::{Format, accepts_gzip, prefers_markdown},
    peer::Peer,
    refusals::Unanswered,
    scrapes::{Answer, Scrapes},
};
use crate::exposition::{openmetrics, protobuf, text};

const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const MARKDOWN: &str = "text/markdown; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Where the catalog is.
pub(crate) const CATALOG: &str = "/-/catalog";

/// Answers one request.
pub(super) async fn answer<B>(
    request: &Request<B>,
    endpoint: &Endpoint,
    place: &Place,
) -> Response<ScrapeBody> {
    place.progress.checking();
    #[cfg(feature = "tls")]
    let settings = endpoint.access.current().await;
    let refused = if !has_one_host(request) {
        Some(without_host())
    } else if !endpoint.hosts.serves(request) {
        endpoint.refusals.request(Unanswered::Host);
        Some(plain(StatusCode::MISDIRECTED_REQUEST, OTHER_HOST))
    } else {
        #[cfg(feature = "tls")]
        let refused = unauthorized(request, endpoint, place, &settings).await;
        #[cfg(not(feature = "tls"))]
        let refused = None;
        refused
    };
    // Until here the connection could be evicted, so a client that guesses passwords cannot hold its place.
    let answering = place.progress.answering();
    let mut response = match refused {
        Some(refused) => refused,
        None => route(request, endpoint, place.peer).await,
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    #[cfg(feature = "tls")]
    headers.extend(settings.headers().clone());
    response.body_mut().keep(answering);
    response
}

const OTHER_HOST: &str = "this host is not served here; name it with `allowed_hosts` of the exporter, or let every host \
     in with `any_host`\n";

/// The answer to a request that does not show what is asked for.
#[cfg(feature = "tls")]
async fn unauthorized<B>(
    request: &Request<B>,
    endpoint: &Endpoint,
    place: &Place,
    settings: &Settings,
) -> Option<Response<ScrapeBody>> {
    match endpoint.access.check(settings, request.headers(), place.peer).await.err()? {
        Denied::Unauthorized(challenge) => {
            let refused = "credentials are missing or wrong\n";
            let mut refused = plain(StatusCode::UNAUTHORIZED, refused);
            refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            Some(refused)
        }
        Denied::Busy => {
            endpoint.refusals.request(Unanswered::Guesses);
            let refused = "too many passwords are waiting to be compared\n";
            Some(later(plain(StatusCode::TOO_MANY_REQUESTS, refused)))
        }
    }
}

fn without_host() -> Response<ScrapeBody> {
    let refused = "a request of HTTP/1.1 has one Host header (RFC 9112, section 3.2)\n";
    let mut refused = plain(StatusCode::BAD_REQUEST, refused);
    refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    refused
}

/// HTTP/1.0 has no such header; a request that has two may mean one thing to a proxy and another to us.
fn has_one_host<B>(request: &Request<B>) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11)
}

async fn route<B>(request: &Request<B>, endpoint: &Endpoint, peer: Peer) -> Response<ScrapeBody> {
    let (method, scrapes) = (request.method(), &endpoint.scrapes);
    match request.uri().path() {
        "/metrics" => {
            let response = scrape_or_refuse(method, request.headers(), scrapes, Some(peer)).await;
            if response.status() == StatusCode::OK {
                endpoint.connections.served(peer);
            }
            response
        }
        "/" | CATALOG | "/-/healthy" | "/-/ready" if !is_read(method) => not_allowed(),
        "/" => landing_page(scrapes).await,
        CATALOG => catalog(request.headers(), scrapes).await,
        "/-/healthy" => plain(StatusCode::OK, "healthy\n"),
        "/-/ready" => plain(StatusCode::OK, "ready\n"),
        _ => plain(StatusCode::NOT_FOUND, "metrics are served at /metrics\n"),
    }
}

pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn not_allowed() -> Response<ScrapeBody> {
    let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are served here\n");
    refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    refused
}

/// Answers a scrape in the format that these headers ask for, and refuses other methods.
pub(crate) async fn scrape_or_refuse(
    method: &Method,
    asked: &HeaderMap,
    scrapes: &Scrapes,
    peer: Option<Peer>,
) -> Response<ScrapeBody> {
    if !is_read(method) {
        return not_allowed();
    }
    let format = Format::of(&values(asked, &ACCEPT));
    let is_zipped = accepts_gzip(&values(asked, &ACCEPT_ENCODING));
    let mut scrape = match scrapes.scrape(Wanted::Exposition { format, is_zipped }, peer).await {
        Answer::Scrape(scrape) => scrape,
        Answer::Limited => {
            let refused = "too many scrapes are under way\n";
            return later(plain(StatusCode::SERVICE_UNAVAILABLE, refused));
        }
        Answer::Failed => return failed(),
    };
    let length = scrape.len();
    let body = if method == Method::HEAD {
        scrape.end();
        ScrapeBody::new(Bytes::new())
    } else {
        ScrapeBody::of_scrape(scrape)
    };
    let content_type = match format {
        Format::Text => text::CONTENT_TYPE,
        Format::OpenMetrics => openmetrics::CONTENT_TYPE,
        Format::Protobuf => protobuf::CONTENT_TYPE,
    };
    let mut response = with_type(StatusCode::OK, content_type, body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
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

/// The catalog, as JSON, or as Markdown if that is preferred.
pub(crate) async fn catalog(asked: &HeaderMap, scrapes: &Scrapes) -> Response<ScrapeBody> {
    let is_markdown = prefers_markdown(&values(asked, &ACCEPT));
    let Some(catalog) = scrapes.document(Wanted::Catalog { is_markdown }).await else {
        return failed();
    };
    let content_type = if is_markdown { MARKDOWN } else { JSON };
    let mut response = with_type(StatusCode::OK, content_type, ScrapeBody::new(catalog));
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response
}

async fn landing_page(scrapes: &Scrapes) -> Response<ScrapeBody> {
    let Some(page) = scrapes.document(Wanted::Page).await else { return failed() };
    let mut response = with_type(StatusCode::OK, HTML, ScrapeBody::new(page));
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn failed() -> Response<ScrapeBody> {
    plain(StatusCode::INTERNAL_SERVER_ERROR, "the metrics could not be rendered\n")
}

/// An answer that asks the client to try again in a second.
fn later(mut response: Response<ScrapeBody>) -> Response<ScrapeBody> {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<ScrapeBody> {
    with_type(status, PLAIN, ScrapeBody::new(text))
}

fn with_type(
    status: StatusCode,
    content_type: &'static str,
    body: ScrapeBody,
) -> Response<ScrapeBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
