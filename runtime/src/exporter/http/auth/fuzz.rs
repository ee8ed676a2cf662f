//! The fuzz targets of the web configuration file and of credentials.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::header::{AUTHORIZATION, HeaderMap};

use super::{credentials::Credentials, files::Files, web_config};

/// What messages say themselves that looks like a secret.
const VOCABULARY: &str = "http2 TLS12 TLS13 CurveP256 CurveP384 X25519 AES_128_GCM AES_256_GCM CHACHA20_POLY1305 4194304";

/// A web configuration: a mistake is told without anything that may be a secret, and the same each time.
pub fn fuzz_web_config(bytes: &[u8]) {
    let path = Path::new("/nowhere/web.yml");
    let read = || web_config::read(path, bytes, &mut Files::default());
    let Err(error) = read() else { return };
    let said = error.to_string();
    assert_eq!(read().err().map(|again| again.to_string()).as_ref(), Some(&said));
    let text = String::from_utf8_lossy(bytes);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && !"$./+=_-".contains(c)) {
        let is_secret = word.len() >= 6 && word.contains(|c: char| c.is_ascii_digit());
        let is_told = is_secret && said.contains(word) && !VOCABULARY.contains(word);
        assert!(!is_told, "`{word}` is in the message: {said}");
    }
}

/// Credentials: what is read of them is what was written.
pub(in crate::exporter::http) fn check_credentials(headers: &HeaderMap) {
    let Some(Credentials::Basic { user, password }) = Credentials::of(headers) else { return };
    let pair = [user.as_bytes(), b":", &password].concat();
    let written = headers.get(AUTHORIZATION).expect("it was read");
    assert!(written.as_bytes().ends_with(STANDARD.encode(&pair).as_bytes()));
    assert!(!user.contains(':'));
}
