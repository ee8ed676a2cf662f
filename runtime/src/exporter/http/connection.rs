//! One connection, from its first byte to its last.

use std::{convert::Infallible, pin::pin};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
};

use super::{
    Endpoint,
    answer::answer,
    connections::{Place, Refused},
    phase::{Phase, Watched},
};

/// The longest head of a request. Prometheus' is below 1 KiB; 16 KiB leaves room for what proxies add.
const HEAD_BYTES_MAX: usize = 16 * 1_024;

/// The most headers of a request: what a server is given by its proxies is a third of that.
const HEADERS_MAX: usize = 100;

/// Serves one connection until it ends, is told to stop, or has to go.
pub(super) async fn serve(
    stream: TcpStream,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) {
    #[cfg(feature = "tls")]
    if let Some(acceptor) = endpoint.access.current().acceptor().cloned() {
        if let Some(stream) = encrypt(&acceptor, stream, place, endpoint, stopped.clone()).await {
            serve_http(stream, place, endpoint, stopped).await;
        }
        return;
    }
    serve_http(stream, place, endpoint, stopped).await;
}

/// The encrypted stream; `None`, counted, if there can be none. The time that it takes is part of the first request's.
#[cfg(feature = "tls")]
async fn encrypt(
    acceptor: &tokio_rustls::TlsAcceptor,
    stream: TcpStream,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let handshake = async {
        let mut first = [0];
        match stream.peek(&mut first).await {
            // Who says nothing and goes, as a probe of the port does, is no fault.
            Ok(0) | Err(_) => return None,
            // A handshake begins with 22; whoever sends a method is told.
            Ok(_) if first[0].is_ascii_uppercase() => {
                let _ = stream.try_write(NOT_ENCRYPTED);
            }
            Ok(_) => {
                if let Ok(encrypted) = acceptor.accept(stream).await {
                    return Some(encrypted);
                }
            }
        }
        endpoint.connections.refuse(Refused::Tls);
        None
    };
    tokio::select! {
        encrypted = handshake => encrypted,
        () = place.evicted() => None,
        _ = place.progress.overdue(&endpoint.limits) => {
            endpoint.connections.refuse(Refused::Timeout);
            None
        }
        () = super::until_stopped(stopped) => None,
    }
}

#[cfg(feature = "tls")]
const NOT_ENCRYPTED: &[u8] = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 34\r\n\r\n\
    this endpoint is asked with https\n";

async fn serve_http<S>(
    stream: S,
    place: &Place,
    endpoint: &Endpoint,
    stopped: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let respond = async |request: Request<Incoming>| {
        Ok::<_, Infallible>(answer(&request, endpoint, &place.progress).await)
    };
    let connection = http1::Builder::new()
        // A client may send its request and close its half, as `nc` does.
        .half_close(true)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        // Phases have times of their own.
        .header_read_timeout(None)
        .serve_connection(
            TokioIo::new(Watched::new(stream, place.progress.clone())),
            service_fn(respond),
        );
    let mut connection = pin!(connection);
    let overdue = || place.progress.overdue(&endpoint.limits);
    tokio::select! {
        // A request that has arrived when the endpoint is told to stop is answered.
        biased;
        ended = &mut connection => {
            if ended.is_err_and(|error| error.is_parse()) {
                endpoint.connections.refuse(Refused::Malformed);
            }
            return;
        }
        () = place.evicted() => return,
        phase = overdue() => {
            // To be idle is no fault.
            if phase != Phase::Idle {
                endpoint.connections.refuse(Refused::Timeout);
            }
            return;
        }
        () = super::until_stopped(stopped) => {}
    }
    if place.progress.phase() == Phase::Answering {
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ = &mut connection => {}
            _ = overdue() => endpoint.connections.refuse(Refused::Timeout),
        }
    }
}
