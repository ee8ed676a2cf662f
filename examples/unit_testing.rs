//! How does one test that a program records what it should?
//!
//! `cargo test --example unit_testing --features testing` runs the tests below; `cargo run` shows what they look at.

use std::time::Duration;

use yardstick::{ErrorType, testing::Capture, track};

#[derive(Debug, ErrorType)]
enum PaymentError {
    CardExpired,
}

#[track("payment", labels(currency = currency), buckets = 10ms..10s)]
fn pay(currency: &str, cents: u64, mut bank: impl FnMut()) -> Result<u64, PaymentError> {
    bank();
    if cents == 0 { Err(PaymentError::CardExpired) } else { Ok(cents) }
}

#[test]
fn a_payment_is_timed() {
    let capture = Capture::new();
    // Time stands still in a capture, but for what the test says.
    capture
        .run(|| pay("EUR", 500, || capture.advance(Duration::from_millis(1_250))))
        .expect("a valid card");
    let changes = capture.changes();
    changes.assert("payment_duration_seconds_sum", &[("currency", "EUR")], 1.25);
    changes.assert("payment_calls_total", &[("outcome", "ok")], 1.0);
}

#[test]
fn a_refusal_is_counted_by_its_reason() {
    let capture = Capture::new();
    capture.run(|| pay("CHF", 0, || {})).expect_err("an expired card");
    capture.changes().assert_all(&[
        ("payment_errors_total", &[("currency", "CHF"), ("error_type", "card_expired")], 1.0),
        ("payment_calls_total", &[("currency", "CHF"), ("outcome", "error")], 1.0),
    ]);
}

fn main() {
    let capture = Capture::new();
    let _ = capture.run(|| pay("EUR", 500, || capture.advance(Duration::from_secs(1))));
    print!("{}", capture.changes());
}

// Fails when a metric changes that queries may depend on; `YARDSTICK_BLESS=1 cargo test` agrees to it.
yardstick::catalog_test!("metrics.json");
