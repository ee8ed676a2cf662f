//! What strangers send and what operators write, for fuzzers: each function takes any bytes and panics where an
//! invariant does not hold. The tests below call them with mutations of real inputs, the same ones each time.

use hyper::{Request, Version, header::HeaderMap};

#[cfg(feature = "tls")]
pub use super::auth::fuzz_web_config;
use super::{
    hosts::{Hosts, host},
    negotiate::{Format, accepts_gzip},
    undated::parse,
};

/// A request: what is read of it reads the same when it is written again, and nothing is read before its head has
/// ended.
pub fn fuzz_request(bytes: &[u8]) {
    let Ok(Some(request)) = parse(bytes) else { return };
    let written = written(&request);
    let again = parse(&written).expect("it was right before").expect("it was whole before");
    assert_eq!(request.method(), again.method());
    assert_eq!(request.uri(), again.uri());
    assert_eq!(request.version(), again.version());
    assert_eq!(request.headers(), again.headers());
    let head = written.len() - 2;
    assert!(!matches!(parse(&written[..head]), Ok(Some(_))), "the head has not ended");

    let loopback = Hosts::Automatic.at([127, 0, 0, 1].into());
    for value in request.headers().values().filter_map(|value| value.to_str().ok()) {
        let Some(name) = host(value) else { continue };
        assert_eq!(host(&name).as_ref(), Some(&name), "one form");
        let mut alone = Request::new(());
        if let Ok(value) = name.parse() {
            alone.headers_mut().insert("host", value);
            assert!(!loopback.serves(&alone) || is_loopback(&name), "{name}");
        }
    }
    #[cfg(feature = "tls")]
    super::auth::check_credentials(request.headers());
}

fn is_loopback(name: &str) -> bool {
    ["localhost", "127.", "::1", "::ffff:127.", "::ffff:7f"]
        .iter()
        .any(|known| name.contains(known))
}

fn written(request: &Request<()>) -> Vec<u8> {
    let version = if request.version() == Version::HTTP_10 { "1.0" } else { "1.1" };
    let line = format!("{} {} HTTP/{version}\r\n", request.method(), request.uri());
    let mut bytes = line.into_bytes();
    let headers: &HeaderMap = request.headers();
    for (name, value) in headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes
}

/// `Accept` and `Accept-Encoding`: what is answered is named with a weight, or is what everybody can read.
pub fn fuzz_negotiation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let named = match Format::of(&text) {
        Format::Text => None,
        Format::OpenMetrics => Some("application/openmetrics-text"),
        Format::Protobuf => Some("application/vnd.google.protobuf"),
    };
    let lower = text.to_ascii_lowercase();
    assert!(named.is_none_or(|named| lower.contains(named)), "{text}");
    // What weighs nothing is never chosen, and changes nothing.
    let ranges =
        text.split(',').map(|range| format!("{};q=0", range.split(';').next().unwrap_or("")));
    let weightless = ranges.collect::<Vec<_>>().join(",");
    assert_eq!(Format::of(&weightless), Format::Text, "{weightless}");
    assert_eq!(Format::of(&format!("{text},{weightless}")), Format::of(&text), "{text}");
    assert!(!accepts_gzip(&weightless), "{weightless}");
    assert!(!accepts_gzip(&text) || lower.contains("gzip") || lower.contains('*'), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marsaglia's xorshift: the same numbers each time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % end.max(1) as u64).expect("it is below a usize")
        }
    }

    /// Calls `target` with inputs and ever more mutations of them.
    fn run(target: fn(&[u8]), iterations: usize, inputs: &[&str], words: &[&str]) {
        let asked = std::env::var("YARDSTICK_FUZZ_ITERATIONS").ok();
        let iterations = asked.and_then(|asked| asked.parse().ok()).unwrap_or(iterations);
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        inputs.iter().for_each(|input| target(input.as_bytes()));
        for _ in 0..iterations {
            let mut bytes = inputs[numbers.below(inputs.len())].as_bytes().to_vec();
            for _ in 0..=numbers.below(6) {
                let at = numbers.below(bytes.len() + 1);
                let end = (at + numbers.below(8)).min(bytes.len());
                let with = match numbers.below(4) {
                    0 => Vec::new(),
                    1 => vec![u8::try_from(numbers.below(256)).expect("a byte")],
                    2 => words[numbers.below(words.len())].as_bytes().to_vec(),
                    _ => bytes[numbers.below(at + 1)..at].to_vec(),
                };
                bytes.splice(at..end, with);
            }
            target(&bytes);
        }
    }

    #[test]
    fn requests_mean_what_they_meant_when_written_again() {
        run(
            fuzz_request,
            20_000,
            &[
                "GET /metrics HTTP/1.1\r\nHost: localhost:9464\r\nAccept: */*;q=0.1\r\n\r\n",
                "GET http://localhost/a?b=c HTTP/1.0\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: [::1]:1\r\nAuthorization: Basic YTpiOmM=\r\n\r\n",
                "CONNECT a:80 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer abc\r\n\r\nbody",
            ],
            &[
                "\r\n",
                ": ",
                " ",
                "Host: ",
                "[",
                "]",
                ":",
                "%00",
                "?",
                "#",
                "//",
                "@",
                "\t",
                "\n",
                "127.0.0.1",
            ],
        );
    }

    #[test]
    fn answers_have_a_form_that_was_asked_for() {
        run(
            fuzz_negotiation,
            20_000,
            &[
                "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6",
                "gzip;q=0.5, br;q=1.0, *;q=0, identity",
            ],
            &[
                ",",
                ";",
                "q=",
                "q=0",
                "q=1.000",
                "q=0.0001",
                "*/*",
                "gzip",
                "*",
                "\"",
                " ",
                "=",
                "version=1.0.0",
            ],
        );
    }

    #[cfg(feature = "tls")]
    #[test]
    fn mistakes_in_a_configuration_are_told_without_what_is_secret() {
        run(
            fuzz_web_config,
            1_500,
            &[
                "tls_server_config:\n  cert_file: no1secret.crt\n  key_file: no2secret.key\n  min_version: TLS12\n",
                "http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: deny\n",
                "basic_auth_users:\n  alice: hunter2secret\n  $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUm: bob\n",
                "basic_auth_users:\n  a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n",
                "tls_server_config: {client_auth_type: secret3mode, cipher_suites: [secret4suite]}\n",
            ],
            &[
                "\n",
                "  ",
                ": ",
                "- ",
                "hunter2secret",
                "[",
                "{",
                "&a ",
                "*a",
                "!!binary ",
                "|\n",
                "\"",
                "'",
                "#",
                "<<: ",
            ],
        );
    }
}
