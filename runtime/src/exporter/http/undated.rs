//! Responses while the wall clock is outside of what a `Date` header can express: before 1970 or after 9999.
//!
//! hyper writes that header, and panics where it cannot. A server whose clock is of no use sends none (RFC 9110, section
//! 6.6.1), so these connections are served without it and without hyper: one request each, and the same answers.

use std::time::{Duration, SystemTime};

use hyper::{Method, Request, Response, StatusCode, Uri, Version, header::CONTENT_LENGTH};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::{
    Endpoint,
    body::ScrapeBody,
    connection::{HEAD_BYTES_MAX, HEADERS_MAX},
    connections::Place,
    refusals::Refused,
    router::answer,
};

/// Midnight after the last day of 9999, since 1970.
const END: Duration = Duration::from_secs(253_402_300_800);

/// Whether a `Date` header can tell this moment.
pub(super) fn is_datable(now: SystemTime) -> bool {
    now.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since < END)
}

/// Answers one request.
pub(super) async fn serve<S>(mut stream: S, place: &Place, endpoint: &Endpoint)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut bytes = Vec::new();
    let response = loop {
        match parse(&bytes) {
            Ok(Some(request)) => {
                let mut response = answer(&request, endpoint, place).await;
                if request.method() == Method::HEAD {
                    response = response.map(ScrapeBody::without_bytes);
                }
                break response;
            }
            Ok(None) => {}
            Err(status) => {
                endpoint.refusals.connection(Refused::Malformed);
                let mut response = Response::new(ScrapeBody::new(""));
                *response.status_mut() = status;
                break response;
            }
        }
        match stream.read_buf(&mut bytes).await {
            // Who says nothing and goes, as a probe of the port does, is no fault.
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    };
    // A client that goes away while it is answered has no need of the rest.
    let _ = send(response, &mut stream).await;
}

/// The request that these bytes begin with, without its body; `None` if its head has not ended.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Request<()>>, StatusCode> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Request::new(&mut headers);
    let is_whole = head.parse(bytes).map_err(|error| match error {
        httparse::Error::TooManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    })?;
    if is_whole.is_partial() {
        let is_long = bytes.len() >= HEAD_BYTES_MAX;
        return if is_long { Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE) } else { Ok(None) };
    }
    let version = if head.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 };
    let target = head.path.and_then(|path| Uri::try_from(path).ok());
    let mut request = Request::builder()
        .version(version)
        .method(head.method.unwrap_or_default())
        .uri(target.ok_or(StatusCode::BAD_REQUEST)?);
    for header in head.headers {
        request = request.header(header.name, header.value);
    }
    request.body(()).map(Some).map_err(|_| StatusCode::BAD_REQUEST)
}

async fn send(
    response: Response<ScrapeBody>,
    stream: &mut (impl AsyncWrite + Unpin),
) -> std::io::Result<()> {
    let (head, mut body) = response.into_parts();
    let status = head.status;
    let reason = status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\nconnection: close\r\n", status.as_u16());
    if !head.headers.contains_key(CONTENT_LENGTH) {
        bytes.push_str(&format!("content-length: {}\r\n", body.rest()));
    }
    let mut bytes = bytes.into_bytes();
    for (name, value) in &head.headers {
        if name != hyper::header::CONNECTION {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    bytes.extend(b"\r\n");
    stream.write_all(&bytes).await?;
    loop {
        let piece = body.take();
        if piece.is_empty() {
            break;
        }
        stream.write_all(&piece).await?;
    }
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_of_four_digits() {
        let epoch = SystemTime::UNIX_EPOCH;
        assert!(is_datable(epoch) && is_datable(epoch + END - Duration::from_secs(1)));
        assert!(!is_datable(epoch - Duration::from_secs(1)) && !is_datable(epoch + END));
    }

    #[test]
    fn requests_are_read_as_hyper_reads_them() {
        let parsed = |text: &str| parse(text.as_bytes());
        let request = parsed("GET /metrics?a=b HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\nbody");
        let request = request.expect("it is right").expect("it is whole");
        assert_eq!((request.uri().path(), request.version()), ("/metrics", Version::HTTP_10));
        assert_eq!(request.headers().get_all("host").iter().count(), 2);
        for partial in ["", "GET", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            assert!(parsed(partial).expect("it may become right").is_none(), "{partial}");
        }
        for wrong in ["\0", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n"] {
            assert_eq!(parsed(wrong).expect_err(wrong), StatusCode::BAD_REQUEST);
        }
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(HEADERS_MAX + 1));
        let long = format!("GET / HTTP/1.1\r\na: {}", "b".repeat(HEAD_BYTES_MAX));
        for large in [many, long] {
            let status = parsed(&large).expect_err("it is too large");
            assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
    }
}
