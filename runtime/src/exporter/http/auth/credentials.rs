//! The credentials in a request's `Authorization` header: RFC 7617 and RFC 6750.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::header::{AUTHORIZATION, HeaderMap};
use ring::{hmac, rand::SystemRandom};

use super::{WebConfigError, files::Files};

/// What a request shows.
pub(super) enum Credentials {
    Basic {
        user: String,
        password: Vec<u8>,
    },
    Bearer(Vec<u8>),
    /// Something that is neither, or both.
    Other,
}

impl Credentials {
    /// `None` if there is nothing.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let value = values.next()?;
        let only = values.next().is_none().then_some(value.as_bytes());
        Some(only.and_then(Self::parse).unwrap_or(Self::Other))
    }

    fn parse(value: &[u8]) -> Option<Self> {
        let blank = value.iter().position(|byte| *byte == b' ')?;
        let (scheme, rest) = (&value[..blank], value[blank..].trim_ascii());
        if scheme.eq_ignore_ascii_case(b"bearer") {
            return Some(Self::Bearer(rest.to_vec()));
        }
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return None;
        }
        let pair = STANDARD.decode(rest).ok()?;
        // A user's name has no colon; a password may.
        let colon = pair.iter().position(|byte| *byte == b':')?;
        let user = String::from_utf8(pair[..colon].to_vec()).ok()?;
        Some(Self::Basic { user, password: pair[colon + 1..].to_vec() })
    }
}

/// The token that is asked for. It is kept and compared as a keyed digest, so that neither its bytes nor its length
/// decide how long a comparison takes.
pub(super) struct Token {
    key: hmac::Key,
    expected: hmac::Tag,
}

impl Token {
    pub(super) fn load(path: &Path, files: &mut Files) -> Result<Self, WebConfigError> {
        let bytes = files.read(path).map_err(|error| {
            WebConfigError::new(path, format!("cannot read the bearer token: {error}"))
        })?;
        let token = bytes.trim_ascii();
        if token.is_empty() {
            return Err(WebConfigError::new(path, "there is no token in this file; write one"));
        }
        if !token.iter().all(u8::is_ascii_graphic) {
            let problem = "a token is one line of visible ASCII characters without blanks";
            return Err(WebConfigError::new(path, problem));
        }
        let key = random_key();
        let expected = hmac::sign(&key, token);
        Ok(Self { key, expected })
    }

    pub(super) fn is(&self, token: &[u8]) -> bool {
        hmac::verify(&self.key, token, self.expected.as_ref()).is_ok()
    }
}

/// A key that only this process knows.
pub(super) fn random_key() -> hmac::Key {
    hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).expect("the system has randomness")
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn of(values: &[&'static str]) -> Option<Credentials> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        Credentials::of(&headers)
    }

    #[test]
    fn credentials_are_read_as_they_are_meant() {
        assert!(of(&[]).is_none());
        // "a:b:c": the password has a colon.
        let basic = of(&["bAsIc  YTpiOmM="]);
        let is_read = matches!(basic, Some(Credentials::Basic { user, password })
            if user == "a" && password == b"b:c");
        assert!(is_read);
        assert!(matches!(of(&["BEARER abc"]), Some(Credentials::Bearer(token)) if token == b"abc"));
        for other in ["Basic", "Basic YWJj", "Basic ?", "Digest abc", ""] {
            assert!(matches!(of(&[other]), Some(Credentials::Other)), "{other}");
        }
        assert!(matches!(of(&["Bearer abc", "Bearer abc"]), Some(Credentials::Other)));
    }
}
