//! A running exporter: its address, and its shutdown.

#[cfg(feature = "http")]
use std::net::SocketAddr;
use std::{fmt, mem::ManuallyDrop};

#[cfg(feature = "http")]
use super::http::{self, ShutdownError};
use crate::registry::{CollectorId, Registry};

/// What a running exporter has in its registry, until it is shut down.
struct Parts {
    registry: Registry,
    collectors: Vec<CollectorId>,
}

/// Without the registry, which has names and values of the whole program.
impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("collectors", &self.collectors).finish_non_exhaustive()
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for collector in &self.collectors {
            self.registry.unregister_collector(*collector);
        }
    }
}

/// A running exporter. Dropping it leaves the endpoint open for the rest of the program.
#[derive(Debug)]
pub struct Exporter {
    /// Outlives the exporter where it is dropped, as the endpoint does.
    parts: ManuallyDrop<Parts>,
    #[cfg(feature = "http")]
    server: http::Server,
}

impl Exporter {
    pub(super) const fn new(
        registry: Registry,
        collectors: Vec<CollectorId>,
        #[cfg(feature = "http")] server: http::Server,
    ) -> Self {
        Self {
            parts: ManuallyDrop::new(Parts { registry, collectors }),
            #[cfg(feature = "http")]
            server,
        }
    }

    /// What a scrape would answer now.
    #[must_use]
    pub fn render(&self) -> String {
        self.parts.registry.render()
    }

    /// The address that is served.
    #[cfg(feature = "http")]
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// Closes the port, lets scrapes under way finish, and ends the thread. Recording goes on, and another exporter may
    /// be installed; it shows what was recorded before.
    ///
    /// # Errors
    ///
    /// When the thread of the endpoint had panicked.
    #[cfg(feature = "http")]
    pub async fn shutdown(self) -> Result<(), ShutdownError> {
        // Whether or not this future ends: the port is closed from here on.
        let _parts = ManuallyDrop::into_inner(self.parts);
        self.server.shutdown().await
    }

    /// As [`shutdown`](Self::shutdown), for programs without an async runtime. Blocks until the endpoint
    /// has ended.
    ///
    /// # Errors
    ///
    /// When the thread of the endpoint had panicked.
    #[cfg(feature = "http")]
    pub fn shutdown_blocking(self) -> Result<(), ShutdownError> {
        let _parts = ManuallyDrop::into_inner(self.parts);
        self.server.shutdown_blocking()
    }
}

impl fmt::Display for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "http")]
        return write!(f, "{}://{}/metrics", self.server.scheme(), self.local_addr());
        #[cfg(not(feature = "http"))]
        f.write_str("an exporter without an endpoint")
    }
}
