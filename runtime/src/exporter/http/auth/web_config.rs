//! The web configuration file of Prometheus' exporters:
//! <https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md>.
//!
//! No message has a value of the file in it, nor a key that the user chose: a secret may stand in the wrong place. A
//! message has the place instead.
//!
//! A file that `promtool check web-config` takes means the same here, or is refused with the reason: what we refuse
//! beyond that would protect less than it seems to.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{
    WebConfigError,
    files::Files,
    passwords::{Users, cost_of},
    tls::{self, Tls},
};

/// What the file asks for.
pub(super) struct WebConfig {
    pub(super) tls: Option<Tls>,
    pub(super) users: Users,
    pub(super) headers: HeaderMap,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    tls_server_config: Option<TlsServerConfig>,
    http_server_config: Option<HttpServerConfig>,
    basic_auth_users: Option<BTreeMap<String, Spanned<String>>>,
}

/// The section for TLS, as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TlsServerConfig {
    pub(super) cert_file: Option<Spanned<PathBuf>>,
    pub(super) key_file: Option<Spanned<PathBuf>>,
    pub(super) client_auth_type: Option<Spanned<String>>,
    pub(super) client_ca_file: Option<Spanned<PathBuf>>,
    pub(super) client_allowed_sans: Vec<Spanned<String>>,
    pub(super) min_version: Option<Spanned<String>>,
    pub(super) max_version: Option<Spanned<String>>,
    pub(super) cipher_suites: Option<Vec<Spanned<String>>>,
    pub(super) curve_preferences: Option<Vec<Spanned<String>>>,
    pub(super) prefer_server_cipher_suites: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpServerConfig {
    /// The endpoint speaks HTTP/1.1 to everybody, which every scraper does.
    #[serde(rename = "http2")]
    _http2: Option<bool>,
    headers: Option<BTreeMap<String, Spanned<String>>>,
}

/// Reads the file, and those that it names.
pub(super) fn load(path: &Path, files: &mut Files) -> Result<WebConfig, WebConfigError> {
    let bytes = files.read(path).map_err(|error| {
        WebConfigError::new(path, format!("cannot read the web configuration: {error}"))
    })?;
    read(path, &bytes, files)
}

/// What these bytes ask for, which stand at `path`.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    files: &mut Files,
) -> Result<WebConfig, WebConfigError> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| WebConfigError::new(path, "it is not UTF-8"))?;
    let document = parse(path, text)?;
    let section = document.tls_server_config.unwrap_or_default();
    // Paths are relative to the file that names them.
    let folder = path.parent().unwrap_or(Path::new("."));
    let tls = tls::load(path, folder, &section, files)?;
    let headers = document.http_server_config.and_then(|section| section.headers);
    let users = users_of(path, document.basic_auth_users.unwrap_or_default())?;
    Ok(WebConfig { tls, users, headers: headers_of(path, headers.unwrap_or_default())? })
}

fn users_of(
    path: &Path,
    written: BTreeMap<String, Spanned<String>>,
) -> Result<Users, WebConfigError> {
    let wrong = written.values().find(|hash| cost_of(&hash.value).is_none());
    let position = wrong.and_then(position_of);
    let hashes = written.into_iter().map(|(user, hash)| (user, hash.value)).collect();
    Users::new(hashes).ok_or_else(|| {
        let problem = "basic_auth_users: what is written here is not a bcrypt hash; write the user's name, a colon and \
                       a hash, which `htpasswd -nBC 10 NAME` makes";
        WebConfigError::new(path, problem).at(position)
    })
}

/// Line and column of a value, if the file tells.
pub(super) fn position_of<T>(value: &Spanned<T>) -> Option<(u64, u64)> {
    let place = value.referenced;
    (place.line() > 0).then(|| (place.line(), place.column()))
}

fn parse(path: &Path, text: &str) -> Result<Document, WebConfigError> {
    if text.trim().is_empty() {
        return Ok(Document {
            tls_server_config: None,
            http_server_config: None,
            basic_auth_users: None,
        });
    }
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let position = error.location().map(|place| (place.line(), place.column()));
        WebConfigError::new(path, problem(&error)).at(position)
    })
}

/// What is wrong, without any value: it may be a secret that stands in the wrong place.
fn problem(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    match error {
        Error::SerdeUnknownField { expected, .. } => {
            format!("there is no such key; the keys here are {}", expected.join(", "))
        }
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            format!("this has to be {expected}")
        }
        Error::Unexpected { expected, .. } => {
            format!("this has to be a {}", expected.trim_end_matches(" start"))
        }
        Error::DuplicateMappingKey { .. } => "this key is there twice".to_owned(),
        _ => "this is not the YAML that is expected here".to_owned(),
    }
}

/// The headers that may be set, and what they may be; `None` is anything.
const HEADERS: [(&str, Option<&[&str]>); 5] = [
    ("Content-Security-Policy", None),
    ("Strict-Transport-Security", None),
    ("X-Content-Type-Options", Some(&["nosniff"])),
    ("X-Frame-Options", Some(&["deny", "sameorigin"])),
    ("X-XSS-Protection", None),
];

fn headers_of(
    path: &Path,
    wanted: BTreeMap<String, Spanned<String>>,
) -> Result<HeaderMap, WebConfigError> {
    let mut headers = HeaderMap::new();
    for (name, value) in wanted {
        let refuse = |problem: String| {
            let problem = format!("http_server_config: {problem}");
            Err(WebConfigError::new(path, problem).at(position_of(&value)))
        };
        let known = HEADERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
        let Some((name, values)) = known else {
            let names = HEADERS.map(|(name, _)| name).join(", ");
            return refuse(format!("this header cannot be set; {names} can"));
        };
        let text = value.value.as_str();
        if let Some(values) = values.filter(|values| !values.contains(&text)) {
            return refuse(format!("the header `{name}` may be {}", values.join(" or ")));
        }
        // The toolkit of the other exporters leaves out what is empty.
        if text.is_empty() {
            continue;
        }
        match (HeaderName::try_from(*name), HeaderValue::try_from(text)) {
            (Ok(name), Ok(value)) => headers.insert(name, value),
            _ => {
                return refuse(format!(
                    "the value of the header `{name}` cannot be sent; write visible ASCII characters"
                ));
            }
        };
    }
    Ok(headers)
}
