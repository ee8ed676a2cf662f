//! What the endpoint takes from its clients.

use std::time::Duration;

/// Limits of the HTTP endpoint. Each has a default that a Prometheus server never meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Connections served at once. For a further one, the connection goes that has kept its first request back for
    /// longest, or has been idle for longest; if all have a request under way, the new one is closed. Either is counted
    /// in `yardstick_connections_refused_total`. 64: a scraper keeps one open, so this is dozens of scrapers.
    pub connections_max: usize,
    /// Scrapes under way at once, from the request to the last byte that the client takes; further ones are answered
    /// with 503 and counted in `yardstick_scrapes_total`. 16: each holds its exposition in memory until it is read.
    pub scrapes_max: usize,
    /// How long a client may take to send a request's head, however steadily it sends, with the handshake of TLS and the
    /// comparison of a password. 10 s: more than a scraper on a bad link needs, less than a slow client needs to be a
    /// burden.
    pub header_read_timeout: Duration,
    /// How long a client may take to read a whole answer, however steadily it reads. 60 s: the scrape timeout of a
    /// Prometheus server is 10 s by default, and cannot be longer than its interval, which is 60 s by default.
    pub response_timeout: Duration,
    /// How long a connection may stay open between requests. 3 min: more than the usual intervals of scrapes, up to a
    /// minute, so that a scraper need not connect each time.
    pub idle_timeout: Duration,
    /// How long a shutdown waits for scrapes under way. 5 s.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 64,
            scrapes_max: 16,
            header_read_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(180),
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}
