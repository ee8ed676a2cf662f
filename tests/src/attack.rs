//! Attacks on an endpoint, and what a scraper gets beside them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::wire;

/// Where attackers come from.
pub const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Where the scraper comes from.
pub const SCRAPER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// What a scraper got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// The status of each answer; 0 where there was none.
    pub statuses: Vec<u16>,
    /// The longest time to an answer.
    pub slowest: Duration,
}

impl Served {
    /// Whether all was answered as it is without an attack.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.statuses.iter().all(|status| *status == 200)
    }
}

/// Asks `times` times for a path, from [`SCRAPER`], while `attack` runs in as many threads as `attackers` says; it is
/// told its number, and whether it may go on. Prints what the scraper got.
pub fn beside(
    name: &str,
    attackers: usize,
    attack: impl Fn(usize, &AtomicBool) + Sync,
    times: usize,
    mut ask: impl FnMut() -> u16,
) -> Served {
    let goes_on = AtomicBool::new(true);
    let served = thread::scope(|scope| {
        for number in 0..attackers {
            let (attack, goes_on) = (&attack, &goes_on);
            scope.spawn(move || attack(number, goes_on));
        }
        let mut served = Served::default();
        for _ in 0..times {
            let start = Instant::now();
            served.statuses.push(ask());
            served.slowest = served.slowest.max(start.elapsed());
        }
        goes_on.store(false, Ordering::Relaxed);
        served
    });
    let right = served.statuses.iter().filter(|status| **status == 200).count();
    println!(
        "{name}: the scraper got {right} of {times} answers, the slowest after {:?}",
        served.slowest
    );
    served
}

/// A scrape from [`SCRAPER`], and its status.
#[must_use]
pub fn scrape(address: SocketAddr) -> u16 {
    wire::request_from(SCRAPER, address, "/metrics", "").status()
}
