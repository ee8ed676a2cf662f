//! One connection, from its first byte to its last.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
};

use super::{
    Endpoint,
    connections::Place,
    phase::{Phase, TimedStream},
    refusals::Refused,
    router::answer,
    undated,
};

/// The longest head of a request. Prometheus' is below 1 KiB; 16 KiB leaves room for what proxies add. What is sent
/// ahead of an answer, further requests among it, is read no further than this: one request of a connection is
/// answered at a time.
pub(super) const HEAD_BYTES_MAX: usize = 16 * 1_024;

/// The most headers of a request: what a server is given by its proxies is a third of that.
pub(super) const HEADERS_MAX: usize = 100;

/// Serves one connection until it ends, is told to stop, or has to go.
pub(super) async fn serve(
    stream: TcpStream,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) {
    #[cfg(feature = "tls")]
    {
        let encrypt = async {
            let settings = endpoint.access.current().await;
            match settings.acceptor() {
                Some(acceptor) => encrypt(acceptor, stream, endpoint).await.map(Stream::Encrypted),
                None => Some(Stream::Plain(stream)),
            }
        };
        match in_time(encrypt, place, endpoint, stopped.clone()).await.flatten() {
            Some(Stream::Encrypted(stream)) => serve_http(*stream, place, endpoint, stopped).await,
            Some(Stream::Plain(stream)) => serve_http(stream, place, endpoint, stopped).await,
            None => {}
        }
    }
    #[cfg(not(feature = "tls"))]
    serve_http(stream, place, endpoint, stopped).await;
}

#[cfg(feature = "tls")]
enum Stream {
    Plain(TcpStream),
    Encrypted(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// The encrypted stream; `None`, counted, if there can be none. The time that it takes is part of the first request's.
#[cfg(feature = "tls")]
async fn encrypt(
    acceptor: &tokio_rustls::TlsAcceptor,
    stream: TcpStream,
    endpoint: &Endpoint,
) -> Option<Box<tokio_rustls::server::TlsStream<TcpStream>>> {
    let mut first = [0];
    match stream.peek(&mut first).await {
        // Who says nothing and goes, as a probe of the port does, is no fault.
        Ok(0) | Err(_) => return None,
        // A handshake begins with 22; a client that sends a method speaks plain HTTP, and is told.
        Ok(_) if first[0].is_ascii_uppercase() => {
            let _ = stream.try_write(NOT_ENCRYPTED);
        }
        Ok(_) => {
            if let Ok(encrypted) = acceptor.accept(stream).await {
                return Some(Box::new(encrypted));
            }
        }
    }
    endpoint.refusals.connection(Refused::Tls);
    None
}

#[cfg(feature = "tls")]
const NOT_ENCRYPTED: &[u8] = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 34\r\n\r\n\
    this endpoint is asked with https\n";

/// What `future` gives; `None` if the connection has to end before, counted where that is the client's fault.
async fn in_time<T>(
    future: impl Future<Output = T>,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) -> Option<T> {
    tokio::select! {
        // What has arrived is looked at before the clock is.
        biased;
        done = future => Some(done),
        () = place.evicted() => None,
        phase = place.progress.overdue(&endpoint.limits) => {
            // To be idle is no fault.
            if phase != Phase::Idle {
                endpoint.refusals.connection(Refused::Timeout);
            }
            None
        }
        () = super::until_stopped(stopped) => None,
    }
}

async fn serve_http<S>(
    stream: S,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let stream = TimedStream::new(stream, place.progress.clone());
    if !endpoint.is_datable() {
        let served = undated::serve(stream, place, endpoint);
        in_time(served, place, endpoint, stopped).await;
        return;
    }
    let respond = async |request: Request<Incoming>| {
        Ok::<_, Infallible>(answer(&request, endpoint, place).await)
    };
    let connection = http1::Builder::new()
        // A client may send its request and close its half, as `nc` does.
        .half_close(true)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        // Phases have times of their own.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service_fn(respond));
    let mut connection = pin!(connection);
    let is_over = stopped.clone();
    let ended = in_time(dated(connection.as_mut(), endpoint), place, endpoint, stopped).await;
    if let Some(Some(Err(error))) = &ended
        && error.is_parse()
    {
        endpoint.refusals.connection(Refused::Malformed);
    }
    // A request that has arrived when the endpoint is told to stop is answered.
    let is_answering =
        matches!(place.progress.phase(), Phase::Checking | Phase::Answering | Phase::Delivering);
    if ended.is_none() && *is_over.borrow() && is_answering {
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ = dated(connection, endpoint) => {}
            _ = place.progress.overdue(&endpoint.limits) => {
                endpoint.refusals.connection(Refused::Timeout);
            }
        }
    }
}

/// What hyper gives; `None` if the wall clock comes to show what hyper cannot write.
async fn dated<F: Future>(mut connection: Pin<&mut F>, endpoint: &Endpoint) -> Option<F::Output> {
    poll_fn(|context| {
        if endpoint.is_datable() {
            connection.as_mut().poll(context).map(Some)
        } else {
            Poll::Ready(None)
        }
    })
    .await
}
