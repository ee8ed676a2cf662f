//! Web configuration files: what `promtool check web-config` says of each, and what the exporter does.

use std::{fs, net::TcpListener, path::Path, process::Command};

use yardstick::exporter::InstallError;
use yardstick_tests::{judges, tls::Authority};

const HASH: &str = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";
const TLS: &str = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

/// What the exporter says of a file; `None` if it is taken.
fn refusal(path: &Path, busy: &TcpListener) -> Option<String> {
    let address = busy.local_addr().expect("it is bound");
    // Files are read first, so a valid one gets as far as the address, which is taken.
    match yardstick::exporter().listen(address).web_config(path).install() {
        Err(InstallError::Bind { .. }) => None,
        Err(error) => Some(error.to_string()),
        Ok(_) => unreachable!("the address is taken"),
    }
}

fn promtool_takes(path: &Path) -> bool {
    let output = Command::new("promtool").args(["check", "web-config"]).arg(path).output();
    output.expect("promtool is installed").status.success()
}

/// Both take it.
fn taken() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("only comments", "# nothing\n".to_owned()),
        ("empty sections", "tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n".to_owned()),
        ("TLS", TLS.to_owned()),
        ("users", format!("basic_auth_users:\n  alice: {HASH}\n  \"b:c\": {HASH}\n")),
        ("versions", format!("{TLS}  min_version: TLS13\n  max_version: TLS13\n")),
        (
            "suites and curves",
            format!(
                "{TLS}  prefer_server_cipher_suites: false\n  cipher_suites:\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n  \
                 - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256\n  - TLS_AES_128_GCM_SHA256\n  curve_preferences: [X25519, CurveP256]\n"
            ),
        ),
        (
            "client certificates",
            format!("{TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n"),
        ),
        (
            "client certificates if given",
            format!("{TLS}  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.crt\n"),
        ),
        (
            "headers",
            "http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: deny\n    X-XSS-Protection: \"1\"\n    \
             Strict-Transport-Security: max-age=60\n"
                .to_owned(),
        ),
    ]
}

/// Both refuse it; the last part must be in our message.
fn refused() -> Vec<(&'static str, String, &'static str)> {
    vec![
        (
            "an unknown key",
            "basic_auth: {}\n".to_owned(),
            "yml:1:1: there is no such key; the keys here are tls_server_config",
        ),
        (
            "an unknown key inside",
            format!("{TLS}  certfile: x\n"),
            "yml:4:3: there is no such key; the keys here are cert_file",
        ),
        ("no YAML", "basic_auth_users: {".to_owned(), "YAML"),
        ("a list", "- a\n".to_owned(), "this has to be a mapping"),
        (
            "a key twice",
            format!("basic_auth_users:\n  a: {HASH}\n  a: {HASH}\n"),
            "this key is there twice",
        ),
        (
            "a password",
            "basic_auth_users:\n  alice: hunter2\n".to_owned(),
            "yml:2:10: basic_auth_users: what is written here is not a bcrypt hash",
        ),
        (
            "a user and a hash that changed places",
            format!("basic_auth_users:\n  {HASH}: hunter2\n"),
            "yml:2:65: basic_auth_users: what is written here is not a bcrypt hash",
        ),
        ("a password for all", "basic_auth_users: hunter2\n".to_owned(), "this has to be"),
        (
            "another header",
            "http_server_config:\n  headers:\n    Server: x\n".to_owned(),
            "yml:3:13: http_server_config: this header cannot be set",
        ),
        (
            "a wrong header",
            "http_server_config:\n  headers:\n    X-Frame-Options: all\n".to_owned(),
            "may be deny or sameorigin",
        ),
        ("a boolean that is none", "http_server_config:\n  http2: maybe\n".to_owned(), "this "),
    ]
}

/// As [`refused`], in the section for TLS.
fn refused_of_tls() -> Vec<(&'static str, String, &'static str)> {
    vec![
        (
            "no key",
            "tls_server_config:\n  cert_file: server.crt\n".to_owned(),
            "key_file is missing",
        ),
        (
            "no certificate",
            "tls_server_config:\n  key_file: server.key\n".to_owned(),
            "cert_file is missing",
        ),
        (
            "an absent file",
            "tls_server_config:\n  cert_file: no.crt\n  key_file: server.key\n".to_owned(),
            "yml:2:14: tls_server_config: cannot read cert_file",
        ),
        (
            "a key as certificate",
            "tls_server_config:\n  cert_file: server.key\n  key_file: server.key\n".to_owned(),
            "cert_file has no certificate",
        ),
        (
            "a certificate as key",
            "tls_server_config:\n  cert_file: server.crt\n  key_file: server.crt\n".to_owned(),
            "key_file has no private key",
        ),
        (
            "another's key",
            "tls_server_config:\n  cert_file: server.crt\n  key_file: other.key\n".to_owned(),
            "do not serve together",
        ),
        (
            "an authority for nothing",
            format!("{TLS}  client_ca_file: ca.crt\n"),
            "client_auth_type asks for no certificate",
        ),
        (
            "a wrong mode",
            format!("{TLS}  client_auth_type: Always\n"),
            "client_auth_type is NoClientCert",
        ),
        ("a wrong version", format!("{TLS}  min_version: SSL3\n"), "min_version is TLS12 or TLS13"),
        (
            "a wrong suite",
            format!("{TLS}  cipher_suites: [NONE]\n"),
            "yml:4:19: tls_server_config: cipher_suites: this one is not offered",
        ),
        (
            "a wrong curve",
            format!("{TLS}  curve_preferences: [P256]\n"),
            "curve_preferences: this one is not offered",
        ),
    ]
}

/// The other exporters take it, and we say why not.
fn ours_only() -> Vec<(&'static str, String, &'static str)> {
    let unverified = "asks for certificates that are not verified";
    vec![
        (
            "certificates of anybody",
            format!("{TLS}  client_auth_type: RequestClientCert\n"),
            unverified,
        ),
        ("any certificate", format!("{TLS}  client_auth_type: RequireAnyClientCert\n"), unverified),
        (
            "no authority",
            format!("{TLS}  client_auth_type: RequireAndVerifyClientCert\n"),
            "client_ca_file is missing",
        ),
        ("old TLS", format!("{TLS}  min_version: TLS10\n"), "broken (RFC 8996)"),
        (
            "versions in reverse",
            format!("{TLS}  min_version: TLS13\n  max_version: TLS12\n"),
            "min_version is above max_version",
        ),
        (
            "a weak suite",
            format!("{TLS}  cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]\n"),
            "is not offered",
        ),
        ("a slow curve", format!("{TLS}  curve_preferences: [CurveP521]\n"), "is not offered"),
    ]
}

#[test]
fn files_mean_what_they_mean_to_other_exporters() {
    let authority = Authority::new("web-config");
    authority.sign("server", &["localhost"]);
    authority.sign("other", &[]);
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    let path = authority.path("web.yml");
    let both = |text: &str| {
        authority.write("web.yml", text);
        (promtool_takes(&path), refusal(&path, &busy))
    };
    for (name, text) in taken() {
        assert_eq!(both(&text), (true, None), "{name}");
    }
    let refused = refused().into_iter().chain(refused_of_tls()).map(|case| (false, case));
    let ours_only = ours_only().into_iter().map(|case| (true, case));
    for (promtool, (name, text, message)) in refused.chain(ours_only) {
        let (is_taken, said) = both(&text);
        assert_eq!(is_taken, promtool, "promtool on {name}");
        let said = said.unwrap_or_else(|| panic!("{name} is taken"));
        assert!(said.contains(message), "{name}: {said}");
        assert!(!said.contains("hunter2") && !said.contains("$2y$"), "{name}: {said}");
    }
    // The example is a file like any other.
    let example = judges::root().join("examples/deploy/web.yml");
    assert_eq!(both(&fs::read_to_string(example).expect("a readable file")), (true, None));
    // What this version of promtool does not know yet.
    let names = "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n  client_allowed_sans: ";
    assert_eq!(both(&format!("{TLS}{names}[scraper.example.com, 10.0.0.1]\n")).1, None);
    for (text, message) in [
        (format!("{TLS}{names}[a@example.com]\n"), "e-mail address"),
        (format!("{TLS}  client_allowed_sans: [a]\n"), "needs certificates to look at"),
    ] {
        let said = both(&text).1.unwrap_or_default();
        assert!(said.contains(message), "{said}");
    }
    fs::remove_file(&path).expect("it is there");
    let said = refusal(&path, &busy).unwrap_or_default();
    assert!(said.contains("cannot read the web configuration"), "{said}");
}
