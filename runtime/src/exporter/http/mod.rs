//! The endpoint: connections, served from a thread with a runtime of its own.

mod answer;
mod body;
mod negotiate;
mod page;
mod scrapes;

use std::{
    fmt,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, oneshot, watch};

#[cfg(feature = "axum")]
pub(crate) use self::answer::scrape;
pub(crate) use self::scrapes::Scrapes;
use super::{InstallError, Limits};
use crate::registry::default_registry;

/// How long accepting pauses when the system has no more file descriptors: long enough not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The thread that serves, and how to end it.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    ended: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

/// The endpoint's thread had panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShutdownError;

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the thread that served metrics had panicked")
    }
}

impl std::error::Error for ShutdownError {}

/// Binds before anything is installed, so that a busy port is an error and not a silent absence.
pub(super) fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), InstallError> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    bind().map_err(|source| InstallError::Bind { address, source })
}

/// Starts the thread.
pub(super) fn serve(
    (listener, address): (TcpListener, SocketAddr),
    limits: Limits,
) -> Result<Server, InstallError> {
    let (stop, stopped) = watch::channel(false);
    let (end, ended) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(InstallError::Start)?;
    let run = move || {
        runtime.block_on(accept(listener, limits, stopped));
        // Nobody waits when the exporter was dropped.
        let _ = end.send(());
    };
    let thread = std::thread::Builder::new()
        .name("yardstick-exporter".to_owned())
        .spawn(run)
        .map_err(InstallError::Start)?;
    Ok(Server { address, stop, ended, thread })
}

impl Server {
    pub(super) const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    pub(super) async fn shutdown(self) -> Result<(), ShutdownError> {
        // The thread may have ended already; joining it tells.
        let _ = self.stop.send(true);
        let _ = self.ended.await;
        self.thread.join().map_err(|_| ShutdownError)
    }

    pub(super) fn shutdown_blocking(self) -> Result<(), ShutdownError> {
        let _ = self.stop.send(true);
        self.thread.join().map_err(|_| ShutdownError)
    }
}

/// Serves until `stopped` says so, then waits for the connections under way. A dropped exporter does not
/// stop it.
async fn accept(listener: TcpListener, limits: Limits, stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let scrapes = Arc::new(Scrapes::new(limits.scrapes_max, default_registry()));
    let mut stop = pin!(until_stopped(stopped.clone()));
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let (stopped, scrapes) = (stopped.clone(), Arc::clone(&scrapes));
                tokio::spawn(async move {
                    connection(TokioIo::new(stream), limits, &scrapes, stopped).await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let all = u32::try_from(limits.connections_max).unwrap_or(u32::MAX);
    // After the timeout the runtime is dropped, and the connections with it.
    let _ = tokio::time::timeout(limits.shutdown_timeout, places.acquire_many(all)).await;
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stop| *stop).await.is_err() {
        // The exporter was dropped without a shutdown: serve for ever.
        std::future::pending::<()>().await;
    }
}

async fn connection(
    io: TokioIo<tokio::net::TcpStream>,
    limits: Limits,
    scrapes: &Scrapes,
    stopped: watch::Receiver<bool>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read_timeout)
        .serve_connection(
            io,
            service_fn(|request| async move { answer::answer(&request, scrapes) }),
        );
    let mut connection = pin!(connection);
    let mut stop = pin!(until_stopped(stopped));
    // What goes wrong on a connection is its client's business.
    tokio::select! {
        _ = &mut connection => {}
        () = &mut stop => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
