//! The web configuration file of Prometheus' exporters:
//! <https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md>.
//!
//! A file that `promtool check web-config` takes means the same here, or is refused with the reason: what we refuse
//! beyond that would protect less than it seems to.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::{
    WebConfigError,
    files::Files,
    passwords::Users,
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
    basic_auth_users: Option<BTreeMap<String, String>>,
}

/// The section for TLS, as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TlsServerConfig {
    pub(super) cert_file: Option<PathBuf>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) client_auth_type: Option<String>,
    pub(super) client_ca_file: Option<PathBuf>,
    pub(super) client_allowed_sans: Vec<String>,
    pub(super) min_version: Option<String>,
    pub(super) max_version: Option<String>,
    pub(super) cipher_suites: Option<Vec<String>>,
    pub(super) curve_preferences: Option<Vec<String>>,
    pub(super) prefer_server_cipher_suites: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpServerConfig {
    /// The endpoint speaks HTTP/1.1 to everybody, which every scraper does.
    #[serde(rename = "http2")]
    _http2: Option<bool>,
    headers: Option<BTreeMap<String, String>>,
}

/// Reads the file, and those that it names.
pub(super) fn load(path: &Path, files: &mut Files) -> Result<WebConfig, WebConfigError> {
    let bytes = files.read(path, "the web configuration")?;
    let text =
        String::from_utf8(bytes).map_err(|_| WebConfigError::new(path, "it is not UTF-8"))?;
    let document = parse(path, &text)?;
    let section = document.tls_server_config.unwrap_or_default();
    // Paths are relative to the file that names them.
    let folder = path.parent().unwrap_or(Path::new("."));
    let tls = tls::load(path, folder, &section, files)?;
    let headers = document.http_server_config.and_then(|section| section.headers);
    let users = Users::new(document.basic_auth_users.unwrap_or_default()).map_err(|user| {
        let problem = format!(
            "basic_auth_users: what is written for `{user}` is not a bcrypt hash; make one with \
             `htpasswd -nBC 10 {user}`"
        );
        WebConfigError::new(path, problem)
    })?;
    Ok(WebConfig { tls, users, headers: headers_of(path, headers.unwrap_or_default())? })
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

fn headers_of(path: &Path, wanted: BTreeMap<String, String>) -> Result<HeaderMap, WebConfigError> {
    let refuse = |problem: String| Err(WebConfigError::new(path, problem));
    let mut headers = HeaderMap::new();
    for (name, value) in wanted {
        let known = HEADERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
        let Some((_, values)) = known else {
            let names = HEADERS.map(|(name, _)| name).join(", ");
            return refuse(format!("the header `{name}` cannot be set; {names} can"));
        };
        if let Some(values) = values.filter(|values| !values.contains(&value.as_str())) {
            return refuse(format!("the header `{name}` may be {}", values.join(" or ")));
        }
        // The toolkit of the other exporters leaves out what is empty.
        if value.is_empty() {
            continue;
        }
        match (HeaderName::try_from(&name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => headers.insert(name, value),
            _ => return refuse(format!("the value of the header `{name}` cannot be sent")),
        };
    }
    Ok(headers)
}
