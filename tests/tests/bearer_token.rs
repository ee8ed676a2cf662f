//! An endpoint that asks for a bearer token, which may change while it runs.

use std::time::{Duration, Instant};

use yardstick::default_registry;
use yardstick_tests::{prometheus::Prometheus, tls::Authority, wire};

/// Asks until something holds, which it does once the file was looked at again.
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} has not happened");
        std::thread::yield_now();
    }
}

#[test]
fn the_token_is_asked_for_on_every_page() {
    let files = Authority::new("bearer-token");
    let path = files.path("token");
    for (text, message) in [("\n", "there is no token"), ("two words", "without blanks")] {
        files.write("token", text);
        let error = yardstick::exporter().bearer_token_file(&path).install().expect_err(text);
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.to_string().contains("words"), "{error}");
    }
    files.write("token", "first\n");
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .bearer_token_file(&path)
        .install()
        .expect("nothing else is installed");
    let address = exporter.local_addr();
    let status = |page: &str, headers: &str| wire::request(address, "GET", page, headers).status();

    for page in ["/", "/metrics", "/-/healthy", "/-/ready", "/nowhere"] {
        let answer = wire::request(address, "GET", page, "");
        assert_eq!(answer.status(), 401, "{page}");
        assert!(answer.head.contains("www-authenticate: Bearer realm=\"metrics\"\r\n"));
        for wrong in ["firs", "first2", "", "Zmlyc3Q="] {
            assert_eq!(status(page, &format!("Authorization: Bearer {wrong}\r\n")), 401);
        }
        assert_eq!(status(page, "Authorization: Basic OmZpcnN0\r\n"), 401);
    }
    assert_eq!(status("/-/ready", "Authorization: Bearer first\r\n"), 200);
    assert_eq!(status("/-/ready", "authorization: bearer first\r\n"), 200);
    assert_eq!(status("/metrics?token=first", ""), 401);

    files.write("token", "second");
    until("the new token", || status("/-/ready", "Authorization: Bearer first\r\n") == 401);
    assert_eq!(status("/-/ready", "Authorization: Bearer second\r\n"), 200);

    // No token is not everybody's token.
    let value = |name: &str, labels: &[(&str, &str)]| default_registry().sample_value(name, labels);
    files.write("token", "");
    until("that it was looked at", || {
        assert_eq!(status("/-/ready", "Authorization: Bearer second\r\n"), 200);
        value("yardstick_access_last_reload_successful", &[]) == Some(0.0)
    });
    assert_eq!(status("/-/ready", ""), 401);
    assert_eq!(value("yardstick_access_reloads_total", &[("outcome", "success")]), Some(1.0));
    assert_eq!(value("yardstick_access_reloads_total", &[("outcome", "failure")]), Some(1.0));
    assert_eq!(
        value("yardstick_requests_unauthorized_total", &[("credentials", "missing")]),
        Some(7.0)
    );
    assert!(
        value("yardstick_requests_unauthorized_total", &[("credentials", "wrong")]) > Some(20.0)
    );

    // A real server shows its token.
    let job = ["authorization:", &format!("  credentials: {}", "second")];
    let server = Prometheus::start_with(address, &job, &[]);
    server.value("up", |value| value > 0.0);
    drop(server);
    assert!(!format!("{exporter:?}").contains("second"));
    assert!(exporter.shutdown_blocking().is_ok());
}
