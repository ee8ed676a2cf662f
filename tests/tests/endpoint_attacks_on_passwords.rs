//! Clients that guess passwords, and files that are no files, each with what a scraper gets beside it; `--nocapture`
//! shows it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use yardstick::{default_registry, exporter::Exporter};
use yardstick_tests::{
    attack::{ATTACKER, SCRAPER, beside},
    tls::Authority,
    wire,
};

/// How long Prometheus waits for a scrape.
const SCRAPE_TIMEOUT: Duration = Duration::from_secs(10);

/// What a hash costs here: without optimisation, as much as one of the usual cost 10 with it.
const COST: u32 = 6;

/// alice:secret, bob:other, carol:third
const ALICE: &str = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
const BOB: &str = "Authorization: Basic Ym9iOm90aGVy\r\n";
const CAROL: &str = "Authorization: Basic Y2Fyb2w6dGhpcmQ=\r\n";

fn install(files: &Authority) -> Exporter {
    let mut text = String::from("basic_auth_users:\n");
    for (user, password) in [("alice", "secret"), ("bob", "other"), ("carol", "third")] {
        let hash = bcrypt::hash(password, COST).expect("a password");
        text.push_str(&format!("  {user}: {hash}\n"));
    }
    files.write("web.yml", &text);
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0));
    exporter.web_config(files.path("web.yml")).install().expect("the one before was shut down")
}

fn scrape_from(source: Ipv4Addr, address: SocketAddr, credentials: &str) -> u16 {
    wire::request_from(source, address, "/metrics", credentials).status()
}

#[test]
fn a_scraper_is_served_beside_those_who_guess() {
    let files = Authority::new("guesses");
    let exporter = install(&files);
    guesses(exporter.local_addr());
    assert!(exporter.shutdown_blocking().is_ok());
    let exporter = install(&files);
    files_that_are_none(&exporter, &files);
    assert!(exporter.shutdown_blocking().is_ok());
}

/// A hundred clients that guess, each another password each time, and scrapers whose passwords were never right before.
fn guesses(address: SocketAddr) {
    let guessed = AtomicUsize::new(0);
    let guess = |number: usize, goes_on: &AtomicBool| {
        for attempt in 0.. {
            if !goes_on.load(Ordering::Relaxed) {
                return;
            }
            // "alice:", and whatever these digits are in base 64.
            let credentials = format!("Authorization: Basic YWxpY2U6{number:04}{attempt:04}\r\n");
            let status = scrape_from(ATTACKER, address, &credentials);
            assert!(matches!(status, 0 | 401 | 429), "{status}");
            guessed.fetch_add(1, Ordering::Relaxed);
        }
    };
    let from =
        |source, credentials: &'static str| move || scrape_from(source, address, credentials);
    let served = beside("guesses", 100, guess, 1, from(SCRAPER, ALICE));
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    // Behind the address of those who guess.
    let served = beside("guesses behind one address", 100, guess, 1, from(ATTACKER, BOB));
    assert!(served.is_whole(), "{served:?}");
    // Who has been right waits for nobody, whatever its address.
    let served = beside("guesses, known credentials", 100, guess, 20, from(ATTACKER, BOB));
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");

    // More than can wait: what has no room is told, and counted.
    let busy = || {
        let labels = [("reason", "guesses")];
        default_registry().sample_value("yardstick_requests_refused_total", &labels)
    };
    let before = busy();
    let served = beside("more guesses than can wait", 127, guess, 1, from(SCRAPER, CAROL));
    assert!(served.is_whole() && served.slowest < SCRAPE_TIMEOUT, "{served:?}");
    assert!(busy() > before, "{:?}", busy());
    println!("  {} guesses", guessed.into_inner());
}

/// What stands where the configuration was: a pipe that nobody writes, and a device that never ends.
fn files_that_are_none(exporter: &Exporter, files: &Authority) {
    let path = files.path("web.yml");
    let address = exporter.local_addr();
    let failures = || {
        let labels = [("outcome", "failure")];
        let counted = default_registry().sample_value("yardstick_access_reloads_total", &labels);
        counted.expect("counted from the start")
    };
    let replace_by = |command: &[&str]| {
        let before = failures();
        let beside = files.path("beside");
        let made = Command::new(command[0]).args(&command[1..]).arg(&beside).status();
        assert!(made.expect("every system has it").success());
        std::fs::rename(&beside, &path).expect("a writable folder");
        let start = Instant::now();
        while failures() <= before {
            assert_eq!(scrape_from(SCRAPER, address, ALICE), 200, "{command:?}");
            assert!(start.elapsed() < SCRAPE_TIMEOUT, "{command:?} was not looked at");
        }
        let served = beside_nothing(address);
        assert!(served < SCRAPE_TIMEOUT, "{command:?}");
        let builder = yardstick::exporter().listen(address).web_config(&path);
        let error = builder.install().expect_err("it is no file").to_string();
        assert!(
            error.ends_with("cannot read the web configuration: it is no regular file"),
            "{error}"
        );
    };
    let good = std::fs::read_to_string(&path).expect("it is a file so far");
    replace_by(&["mkfifo"]);
    files.write("web.yml", &good);
    let is_in_force = || {
        default_registry().sample_value("yardstick_access_last_reload_successful", &[]) == Some(1.0)
    };
    let start = Instant::now();
    while !is_in_force() {
        assert_eq!(scrape_from(SCRAPER, address, ALICE), 200);
        assert!(start.elapsed() < SCRAPE_TIMEOUT, "the file is not looked at");
    }
    replace_by(&["ln", "-s", "/dev/zero"]);
}

/// The slowest of some scrapes.
fn beside_nothing(address: SocketAddr) -> Duration {
    let scrape = || scrape_from(SCRAPER, address, ALICE);
    let served = beside("a file that is none", 0, |_, _| {}, 20, scrape);
    assert!(served.is_whole(), "{served:?}");
    served.slowest
}
