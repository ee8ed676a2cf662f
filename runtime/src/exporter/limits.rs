//! Limits of the endpoint, each with its default and its reason.

use std::time::Duration;

/// One list for the fields, their defaults and their setters.
macro_rules! limits {
    ($($(#[$docs:meta])* $limit:ident: $type:ty = $default:expr,)*) => {
        /// Limits of the HTTP endpoint. Each has a default that a Prometheus server never meets.
        ///
        /// An *address* is that of a client, as the connection tells it; of IPv6 the first 64 bits, which one client has to
        /// itself. Behind a proxy or NAT all clients have one address and share what one address is given.
        ///
        /// # Examples
        ///
        /// ```
        /// use yardstick::exporter::Limits;
        ///
        /// let limits = Limits::default().scrapes_max(2).connections_max(32);
        /// assert_eq!((limits.scrapes_max, limits.connections_max), (2, 32));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Limits {
            $($(#[$docs])* pub $limit: $type,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($limit: $default,)* }
            }
        }

        impl Limits {
            $(
                #[doc = concat!("Sets [`", stringify!($limit), "`](field@Self::", stringify!($limit), ").")]
                #[must_use]
                pub const fn $limit(mut self, $limit: $type) -> Self {
                    self.$limit = $limit;
                    self
                }
            )*
        }
    };
}

limits! {
    /// Connections served at once. For a further one, another goes: of the address that has most, of whichever kind it
    /// has most (silent, idle, guessing passwords), the one that has waited for longest. One is closed at once where
    /// nothing can go. Either is counted in `yardstick_connections_refused_total`. 256: a scraper keeps one open, so
    /// the rest is room for a hundred clients that do not behave, in a quarter of the usual 1,024 descriptors.
    connections_max: usize = 256,
    /// Connections of one address at once; for a further one, another of the same address goes, counted likewise. 128:
    /// half of all, so that no client fills the endpoint alone, and enough for all clients behind one proxy.
    connections_per_address_max: usize = 128,
    /// Expositions being read by clients at once. For a further one, one goes of which nothing has been taken
    /// for a second, or one of an address that reads more of them; else the further one is answered with 503. Either is
    /// counted in `yardstick_scrapes_total`. 16: each may hold an exposition in memory until it is read.
    scrapes_max: usize = 16,
    /// Passwords waiting to be compared at once, of those that have not been right before; further ones are answered
    /// with 429 and counted in `yardstick_requests_refused_total`. 128: at the usual cost of 10, a request that waits behind
    /// all others is answered within the 10 s that Prometheus waits.
    guesses_max: usize = 128,
    /// As [`guesses_max`](Self::guesses_max), of one address. 112: the rest is for the other addresses.
    guesses_per_address_max: usize = 112,
    /// How long custom collectors may take when the endpoint asks them. What is late is left out of that answer and
    /// counted in `yardstick_collected_families_dropped_total`; a collector that is still running is not started
    /// again. 5 s: half of Prometheus' usual scrape timeout, so that the rest is there in time.
    gather_timeout: Duration = Duration::from_secs(5),
    /// How long a client may take to send a request's head, however steadily it sends, with the handshake of TLS. 10 s:
    /// more than a scraper on a bad link needs, less than a slow client needs to be a burden.
    header_read_timeout: Duration = Duration::from_secs(10),
    /// How long a client may take to read a whole answer, however steadily it reads; and how long it waits for one.
    /// 60 s: the scrape timeout of a Prometheus server is 10 s by default, and cannot be longer than its interval,
    /// which is 60 s by default.
    response_timeout: Duration = Duration::from_secs(60),
    /// How long a client may read nothing to speak of: fewer than [`stall_bytes_min`](Self::stall_bytes_min) of its
    /// answer. 5 s: longer than a link is lost for that comes back at once.
    stall_timeout: Duration = Duration::from_secs(5),
    /// See [`stall_timeout`](Self::stall_timeout). 16 KiB: a third of what a modem of the last century takes in 5 s.
    stall_bytes_min: usize = 16 * 1_024,
    /// How long a connection may stay open between requests. 3 min: more than the usual intervals of scrapes, up to a
    /// minute, so that a scraper need not connect each time.
    idle_timeout: Duration = Duration::from_secs(180),
    /// How long a shutdown waits for scrapes under way. 5 s.
    shutdown_timeout: Duration = Duration::from_secs(5),
}
