//! An endpoint with TLS, certificates of clients and passwords, scraped by a real Prometheus, while its files change.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use yardstick::{default_registry, exporter::Limits};
use yardstick_tests::{
    prometheus::Prometheus,
    tls::{self, Authority, Secured},
    wire,
};

const ALICE: &str = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
const BOB: &str = "Authorization: Basic Ym9iOm90aGVy\r\n";

/// The file, with these users.
fn web_yml(users: &[(&str, &str)], more: &str) -> String {
    let mut text =
        String::from("tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n");
    text.push_str(more);
    text.push_str("http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=60\nbasic_auth_users:\n");
    for (user, password) in users {
        // What takes long to compare is for those who guess.
        let cost = if *user == "slow" { 10 } else { 4 };
        let hash = bcrypt::hash(password, cost).expect("a password");
        text.push_str(&format!("  {user}: {hash}\n"));
    }
    text
}

fn value(name: &str, labels: &[(&str, &str)]) -> f64 {
    default_registry().sample_value(name, labels).expect("it is there from the start")
}

/// Asks until something holds, which it does once the files were looked at again.
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} has not happened");
        thread::yield_now();
    }
}

fn reloads(outcome: &str) -> f64 {
    value("yardstick_access_reloads_total", &[("outcome", outcome)])
}

#[test]
fn the_endpoint_is_protected_by_files_that_change() {
    let files = Authority::new("access");
    files.sign("server", &[]);
    files.write("web.yml", &web_yml(&[("alice", "secret"), ("slow", "hunter2")], ""));
    let mut limits = Limits::default();
    limits.connections_max = 8;
    limits.header_read_timeout = Duration::from_secs(2);
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .limits(limits)
        .web_config(files.path("web.yml"))
        .install()
        .expect("the file is right");
    let address = exporter.local_addr();
    assert!(exporter.to_string().starts_with("https://127.0.0.1:"));
    let page = |text: String| {
        for secret in ["secret", "hunter2", "$2", "PRIVATE"] {
            assert!(!text.contains(secret), "{text}");
        }
    };
    page(format!("{exporter:?}"));

    passwords_are_asked_for(address, &files);
    what_is_not_tls_is_refused(address);
    a_real_server_scrapes(address, &files);
    files_are_read_again(address, &files);
    mistakes_change_nothing(address, &files);
    clients_show_certificates(address, &files);

    let client = files.client(Some("named"));
    for path in ["/", "/metrics"] {
        page(tls::request(address, &client, path, BOB).answer.text().to_owned());
    }
    assert!(exporter.shutdown_blocking().is_ok());
}

fn passwords_are_asked_for(address: SocketAddr, files: &Authority) {
    let client = files.client(None);
    let get = |headers: &str| tls::request(address, &client, "/metrics", headers).answer;
    let refused = get("");
    assert_eq!(refused.status(), 401);
    assert!(
        refused.head.contains("www-authenticate: Basic realm=\"metrics\", charset=\"UTF-8\"\r\n")
    );
    assert!(refused.head.contains("strict-transport-security: max-age=60\r\n"));
    // alice:secre, bob:secret, alice:secret: (a colon more), :secret.
    for wrong in ["YWxpY2U6c2VjcmU=", "Ym9iOnNlY3JldA==", "YWxpY2U6c2VjcmV0Og==", "OnNlY3JldA=="] {
        assert_eq!(get(&format!("Authorization: Basic {wrong}\r\n")).status(), 401, "{wrong}");
    }
    assert_eq!(get("Authorization: Bearer secret\r\n").status(), 401);
    assert_eq!(get(ALICE).status(), 200);
    // Those who guess wait for each other, and crowd out nobody who has been right before.
    let (refused, limit) = ("yardstick_connections_refused_total", [("reason", "limit")]);
    let before = value(refused, &limit);
    thread::scope(|scope| {
        for _ in 0..24 {
            // slow:wrong
            scope.spawn(|| get("Authorization: Basic c2xvdzp3cm9uZw==\r\n").status());
        }
        // So many that the rest of them cannot crowd out a scraper by arriving just now.
        while value(refused, &limit) < before + 10.0 {
            thread::yield_now();
        }
        assert_eq!(get(ALICE).status(), 200);
    });
}

fn what_is_not_tls_is_refused(address: SocketAddr) {
    let refused = || value("yardstick_connections_refused_total", &[("reason", "tls")]);
    let before = refused();
    let answer = wire::request(address, "GET", "/metrics", ALICE);
    assert_eq!((answer.status(), answer.text()), (400, "this endpoint is asked with https\n"));
    assert_eq!(wire::exchange(address, "\0\0\0\0\0\0\0\0").status(), 0);
    while refused() < before + 2.0 {
        // The connection ends before it is counted.
        thread::yield_now();
    }
    // A handshake that never ends does.
    let timeouts = || value("yardstick_connections_refused_total", &[("reason", "timeout")]);
    let before = timeouts();
    let _ = wire::exchange(address, b"\x16\x03\x01\x02\x00\x01");
    while timeouts() <= before {
        thread::yield_now();
    }
}

fn a_real_server_scrapes(address: SocketAddr, files: &Authority) {
    let authority = files.path("ca.crt").display().to_string();
    let job = [
        "scheme: https",
        "basic_auth:",
        "  username: alice",
        "  password: secret",
        "tls_config:",
        &format!("  ca_file: {authority}"),
    ];
    let server = Prometheus::start_with(address, &job, &[]);
    server.value("up", |value| value > 0.0);
    server.value("yardstick_scrapes_total{outcome=\"answered\"}", |value| value > 3.0);
}

fn files_are_read_again(address: SocketAddr, files: &Authority) {
    let client = files.client(None);
    let get = |headers: &str| tls::request(address, &client, "/-/ready", headers);
    let before = get(ALICE);
    let (successes, failures) = (reloads("success"), reloads("failure"));
    files.write("web.yml", &web_yml(&[("bob", "other")], ""));
    until("that the user is gone", || get(ALICE).answer.status() == 401);
    assert_eq!(get(BOB).answer.status(), 200);
    assert_eq!((reloads("success"), reloads("failure")), (successes + 1.0, failures));

    // Between the new certificate and its key the old pair serves.
    files.sign("next", &[]);
    std::fs::copy(files.path("next.crt"), files.path("server.crt")).expect("a writable folder");
    let between = get(BOB);
    assert_eq!((between.answer.status(), &between.certificate), (200, &before.certificate));
    std::fs::copy(files.path("next.key"), files.path("server.key")).expect("a writable folder");
    until("the new certificate", || {
        let Secured { answer, certificate } = get(BOB);
        assert_eq!(answer.status(), 200);
        certificate.is_some() && certificate != before.certificate
    });
    assert_eq!(value("yardstick_access_last_reload_successful", &[]).to_bits(), 1_f64.to_bits());
}

fn mistakes_change_nothing(address: SocketAddr, files: &Authority) {
    let client = files.client(None);
    let get = |headers: &str| tls::request(address, &client, "/-/ready", headers).answer;
    let good = web_yml(&[("bob", "other")], "");
    // The last two are valid, and what a file looks like that is being written.
    let texts =
        ["basic_auth_users: [", "unknown: key\n", "", &good[..good.find("basic").unwrap_or(0)]];
    let failures = reloads("failure");
    let is_successful = || value("yardstick_access_last_reload_successful", &[]) > 0.0;
    for (text, expected) in texts.into_iter().zip(1_u8..) {
        files.write("web.yml", text);
        until("that it was looked at", || {
            assert_eq!(get(BOB).status(), 200, "{text}");
            assert_eq!(get("").status(), 401, "{text}");
            reloads("failure") >= failures + f64::from(expected)
        });
        assert!(!is_successful(), "{text}");
    }
    files.write("web.yml", &good);
    until("that it is right again", || get(BOB).status() == 200 && is_successful());
    assert_eq!(reloads("failure").to_bits(), (failures + 4.0).to_bits(), "once for each");
}

fn clients_show_certificates(address: SocketAddr, files: &Authority) {
    let other = Authority::new("another-authority");
    for (authority, name) in [(files, "named"), (files, "unnamed"), (&other, "foreign")] {
        let names: &[&str] =
            if name == "unnamed" { &["b.example.com"] } else { &["a.example.com"] };
        authority.sign(name, names);
    }
    for file in ["foreign.crt", "foreign.key"] {
        std::fs::copy(other.path(file), files.path(file)).expect("a writable folder");
    }
    let ask = |certificate: Option<&str>| {
        tls::request(address, &files.client(certificate), "/-/ready", BOB).answer.status()
    };
    let becomes = |what: &str, certificates: &[Option<&str>], statuses: &[u16]| {
        until(what, || {
            let asked = certificates.iter().map(|certificate| ask(*certificate));
            asked.eq(statuses.iter().copied())
        });
    };
    let all = [None, Some("foreign"), Some("unnamed"), Some("named")];
    let ca = "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n";
    files.write("web.yml", &web_yml(&[("bob", "other")], ca));
    becomes("that certificates are asked for", &all, &[0, 0, 200, 200]);
    let names = format!("{ca}  client_allowed_sans: [a.example.com]\n");
    files.write("web.yml", &web_yml(&[("bob", "other")], &names));
    becomes("that names are asked for", &all, &[0, 0, 0, 200]);
    let address_name = format!("{ca}  client_allowed_sans: [\"10.0.0.1\", \"127.0.0.1\"]\n");
    files.write("web.yml", &web_yml(&[("bob", "other")], &address_name));
    becomes("that an address is a name", &all[1..3], &[0, 200]);
    // To ask for no certificate again is to lose a protection.
    let failures = reloads("failure");
    files.write("web.yml", &web_yml(&[("bob", "other")], ""));
    until("that it was refused", || {
        assert_eq!([None, Some("named")].map(ask), [0, 200]);
        reloads("failure") > failures
    });
}
