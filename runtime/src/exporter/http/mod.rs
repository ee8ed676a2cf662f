//! The endpoint: connections, served from a thread with a runtime of its own.

#[cfg(feature = "tls")]
mod auth;
mod awake;
mod body;
mod connection;
mod connections;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod gathering;
mod hosts;
mod negotiate;
mod page;
mod peer;
mod phase;
mod refusals;
mod render;
mod router;
mod scrapes;
mod undated;

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::{Duration, SystemTime},
};

use tokio::{
    net::TcpSocket,
    sync::{oneshot, watch},
    task::JoinSet,
};

#[cfg(feature = "tls")]
pub use self::auth::WebConfigError;
#[cfg(feature = "tls")]
pub(super) use self::auth::{Access, AccessFiles};
pub(super) use self::hosts::Hosts;
#[cfg(feature = "tower")]
pub(crate) use self::{
    body::ScrapeBody,
    router::{CATALOG, catalog, is_read, scrape_or_refuse},
};
use self::{
    connections::Connections,
    hosts::Allowed,
    peer::Peer,
    refusals::{Refusals, Refused},
};
pub(crate) use self::{render::scrapes, scrapes::Scrapes};
use super::{InstallError, Limits};
use crate::registry::Registry;

/// How long accepting pauses when the system has no more file descriptors: long enough not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Connections that the system holds until they are accepted: half a second of a flood, which would otherwise make the
/// system drop a scraper's attempt to connect, and that one wait for a second.
const BACKLOG: u32 = 1_024;

/// The thread that serves, and how to end it.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    scheme: &'static str,
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

/// Everything that can fail, done before anything is installed: a port, and a thread that waits to serve it. Dropped, it
/// frees the one and ends the other.
#[derive(Debug)]
pub(super) struct Prepared {
    listener: TcpListener,
    begin: mpsc::Sender<(TcpListener, Endpoint)>,
    server: Server,
}

/// Binds the address and starts the thread.
pub(super) fn prepare(address: SocketAddr) -> Result<Prepared, InstallError> {
    let runtime = Runtime::new().map_err(InstallError::Start)?;
    let bind = || {
        let _within = runtime.get().enter();
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // As the standard library does: on Windows, the option means that another process may take the port.
        socket.set_reuseaddr(!cfg!(windows))?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?.into_std()?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    let (listener, address) = bind().map_err(|source| InstallError::Bind { address, source })?;
    let (begin, begun) = mpsc::channel();
    let (stop, stopped) = watch::channel(false);
    let (end, ended) = oneshot::channel();
    let run = move || {
        // Nothing comes when the installation has failed.
        if let Ok((listener, endpoint)) = begun.recv() {
            runtime.get().block_on(accept(listener, endpoint, stopped));
        }
        drop(runtime);
        // Nobody waits when the exporter was dropped.
        let _ = end.send(());
    };
    let thread = std::thread::Builder::new()
        .name("yardstick-exporter".to_owned())
        .spawn(run)
        .map_err(InstallError::Start)?;
    Ok(Prepared {
        listener,
        begin,
        server: Server { address, scheme: "http", stop, ended, thread },
    })
}

/// The runtime of an endpoint. Its end waits for nothing, a file or a password that is being looked at among it, so it
/// may also end within another runtime, where an installation has failed.
struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    fn new() -> io::Result<Self> {
        tokio::runtime::Builder::new_current_thread().enable_all().build().map(Some).map(Self)
    }

    const fn get(&self) -> &tokio::runtime::Runtime {
        self.0.as_ref().expect("it is taken when it is dropped")
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Prepared {
    /// Serves a registry from now on.
    pub(super) fn serve(
        self,
        registry: &Registry,
        limits: Limits,
        hosts: &Hosts,
        #[cfg(feature = "tls")] access: Access,
    ) -> Server {
        #[cfg_attr(
            not(feature = "tls"),
            allow(unused_mut, reason = "without TLS there is one scheme")
        )]
        let Self { listener, begin, mut server } = self;
        #[cfg(feature = "tls")]
        if access.in_force().acceptor().is_some() {
            server.scheme = "https";
        }
        let refusals = Arc::new(Refusals::new(registry));
        let endpoint = Endpoint {
            limits,
            hosts: hosts.at(server.address.ip()),
            scrapes: scrapes(&limits, registry),
            connections: Arc::new(Connections::new(&limits, &refusals)),
            refusals,
            wall_clock: SystemTime::now,
            #[cfg(feature = "tls")]
            access: Arc::new(access),
        };
        // The thread waits for this, so it is taken.
        let _ = begin.send((listener, endpoint));
        server
    }
}

impl Server {
    pub(super) const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    pub(super) const fn scheme(&self) -> &'static str {
        self.scheme
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

/// What all connections of an endpoint share.
#[derive(Debug)]
struct Endpoint {
    limits: Limits,
    hosts: Allowed,
    scrapes: Scrapes,
    connections: Arc<Connections>,
    refusals: Arc<Refusals>,
    wall_clock: fn() -> SystemTime,
    #[cfg(feature = "tls")]
    access: Arc<Access>,
}

impl Endpoint {
    fn is_datable(&self) -> bool {
        undated::is_datable((self.wall_clock)())
    }
}

/// Serves until `stopped` says so, then waits for the answers under way. A dropped exporter does not
/// stop it.
async fn accept(listener: TcpListener, endpoint: Endpoint, stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let endpoint = Arc::new(endpoint);
    let mut tasks = JoinSet::new();
    let mut stop = pin!(until_stopped(stopped.clone()));
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            // What ended is forgotten here, or the set would grow with every connection.
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => {
                let peer = Peer::of(address.ip());
                let Some(place) = endpoint.connections.open(peer) else { continue };
                // The last piece of an answer is small, and would wait 40 ms for the client's acknowledgement of the
                // one before. Whoever has gone needs none of it.
                let _ = stream.set_nodelay(true);
                let (endpoint, stopped) = (Arc::clone(&endpoint), stopped.clone());
                tasks.spawn(async move {
                    connection::serve(stream, &place, &endpoint, stopped).await;
                });
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(_) => {
                endpoint.refusals.connection(Refused::Accept);
                endpoint.connections.evict();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let all_ended = async { while tasks.join_next().await.is_some() {} };
    // After the timeout the set is dropped, and the connections with it.
    let _ = tokio::time::timeout(endpoint.limits.shutdown_timeout, all_ended).await;
}

/// Whether a client went away before its connection was accepted; any other error is the system's.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stop| *stop).await.is_err() {
        // The exporter was dropped without a shutdown: serve for ever.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use crate::registry::default_registry;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// What an endpoint answers to these bytes whose wall clock shows this moment.
    async fn answer_at(wall_clock: fn() -> SystemTime, request: &str) -> String {
        let limits = Limits::default();
        let refusals = Arc::new(Refusals::new(default_registry()));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("it is bound");
        let endpoint = Endpoint {
            limits,
            hosts: Hosts::Automatic.at(address.ip()),
            scrapes: scrapes(&limits, default_registry()),
            connections: Arc::new(Connections::new(&limits, &refusals)),
            refusals,
            wall_clock,
            #[cfg(feature = "tls")]
            access: Arc::new(
                Access::load(AccessFiles::default(), &limits, default_registry())
                    .expect("no files"),
            ),
        };
        let (stop, stopped) = watch::channel(false);
        let ask = async {
            let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
            stream.write_all(request.as_bytes()).await.expect("it reads");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("it answers in text");
            stop.send(true).expect("it serves");
            answer
        };
        tokio::join!(accept(listener, endpoint, stopped), ask).1
    }

    fn before_1970() -> SystemTime {
        SystemTime::UNIX_EPOCH - Duration::from_secs(1)
    }

    fn after_9999() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800)
    }

    #[tokio::test]
    async fn any_wall_clock_is_answered() {
        let get = |path: &str| {
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        };
        let dated = answer_at(SystemTime::now, &get("/-/healthy")).await;
        assert!(dated.contains("\r\ndate: ") && dated.ends_with("\r\n\r\nhealthy\n"), "{dated}");
        for clock in [before_1970, after_9999] {
            let answer = answer_at(clock, &get("/-/healthy")).await;
            assert_eq!(
                answer,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 8\r\n\
                 content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\r\nhealthy\n"
            );
            let scrape = answer_at(clock, &get("/metrics")).await;
            assert!(scrape.contains("\nyardstick_lanes "), "{scrape}");
            let head = answer_at(clock, "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
            assert!(
                head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"),
                "{head}"
            );
            let wrong = answer_at(clock, "\0\r\n\r\n").await;
            assert!(wrong.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{wrong}");
        }
    }
}
