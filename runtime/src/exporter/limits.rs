//! What the endpoint takes from its clients.

use std::time::Duration;

/// Limits of the HTTP endpoint. Each has a default that a Prometheus server never meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Connections served at once; further ones wait in the system's backlog. 64: a scraper keeps one
    /// open, so this is dozens of scrapers.
    pub connections_max: usize,
    /// Scrapes under way at once, from the request to the last byte that the client takes; further ones are answered
    /// with 503 and counted in `yardstick_scrapes_total`. 16: each holds its exposition in memory until it is read.
    pub scrapes_max: usize,
    /// How long a client may take to send a request's head, and how long a connection may stay idle
    /// between requests. 10 s: more than a scraper on a bad link needs, less than a slow client needs to
    /// tie up every connection.
    pub header_read_timeout: Duration,
    /// How long a shutdown waits for scrapes under way. 5 s.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 64,
            scrapes_max: 16,
            header_read_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}
