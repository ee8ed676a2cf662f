//! The section `tls_server_config`, turned into rustls' configuration.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use serde_saphyr::Spanned;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, SupportedProtocolVersion,
        crypto::{CryptoProvider, SupportedKxGroup, ring},
        pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject as _},
        server::{WebPkiClientVerifier, danger::ClientCertVerifier},
        time_provider::TimeProvider,
        version::{TLS12, TLS13},
    },
};

use super::{
    WebConfigError,
    client_names::ClientNames,
    files::Files,
    web_config::{TlsServerConfig, position_of},
};

/// How connections are encrypted.
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    pub(super) verifies_clients: bool,
    pub(super) has_client_names: bool,
}

/// The certificates of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClientAuth {
    None,
    IfGiven,
    Required,
}

/// What one section is made from.
struct Loader<'a> {
    path: &'a Path,
    folder: &'a Path,
    section: &'a TlsServerConfig,
}

/// `None` if the section asks for nothing.
pub(super) fn load(
    path: &Path,
    folder: &Path,
    section: &TlsServerConfig,
    files: &mut Files,
) -> Result<Option<Tls>, WebConfigError> {
    let loader = Loader { path, folder, section };
    let (certificate, key) = match (&section.cert_file, &section.key_file) {
        (Some(certificate), Some(key)) => (certificate, key),
        (None, None) if loader.is_empty() => return Ok(None),
        (None, _) => return loader.refuse("cert_file is missing: the certificate of the endpoint"),
        (_, None) => return loader.refuse("key_file is missing: the private key of cert_file"),
    };
    let client_auth = loader.client_auth()?;
    let provider = Arc::new(loader.provider()?);
    let verifier = loader.verifier(client_auth, &provider, files)?;
    let chain = loader.certificates(certificate, "cert_file", files)?;
    let key_bytes = loader.read(key, "key_file", files)?;
    let private = PrivateKeyDer::from_pem_slice(&key_bytes)
        .map_err(|_| loader.error_at(key, "key_file has no private key in PEM format"))?;
    let builder = ServerConfig::builder_with_details(provider, Arc::new(Clock))
        .with_protocol_versions(&loader.versions()?)
        .map_err(|_| {
            loader.error("cipher_suites and the versions of TLS have nothing in common")
        })?;
    let mut config = builder
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, private)
        .map_err(|error| {
        let problem = format!("cert_file and key_file do not serve together: {error}");
        loader.error_at(certificate, problem)
    })?;
    config.ignore_client_order = section.prefer_server_cipher_suites.unwrap_or(true);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Tls {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        verifies_clients: client_auth == ClientAuth::Required,
        has_client_names: !section.client_allowed_sans.is_empty(),
    }))
}

/// The wall clock. It may show a moment before 1970, which is taken for the beginning of that year.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Some(UnixTime::since_unix_epoch(since.unwrap_or_default()))
    }
}

impl Loader<'_> {
    fn error(&self, problem: impl AsRef<str>) -> WebConfigError {
        WebConfigError::new(self.path, format!("tls_server_config: {}", problem.as_ref()))
    }

    fn refuse<T>(&self, problem: impl AsRef<str>) -> Result<T, WebConfigError> {
        Err(self.error(problem))
    }

    /// As [`error`](Self::error), with the place of this value.
    fn error_at<T>(&self, value: &Spanned<T>, problem: impl AsRef<str>) -> WebConfigError {
        self.error(problem).at(position_of(value))
    }

    fn refuse_at<T, V>(
        &self,
        value: &Spanned<V>,
        problem: impl AsRef<str>,
    ) -> Result<T, WebConfigError> {
        Err(self.error_at(value, problem))
    }

    /// Reads the file that is written at `key`.
    fn read(
        &self,
        written: &Spanned<PathBuf>,
        key: &str,
        files: &mut Files,
    ) -> Result<Vec<u8>, WebConfigError> {
        let bytes = files.read(&self.folder.join(&written.value));
        bytes.map_err(|error| self.error_at(written, format!("cannot read {key}: {error}")))
    }

    fn certificates(
        &self,
        written: &Spanned<PathBuf>,
        key: &str,
        files: &mut Files,
    ) -> Result<Vec<CertificateDer<'static>>, WebConfigError> {
        let bytes = self.read(written, key, files)?;
        let certificates = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
        match certificates {
            Ok(certificates) if !certificates.is_empty() => Ok(certificates),
            _ => self.refuse_at(written, format!("{key} has no certificate in PEM format")),
        }
    }

    /// What is set beside the certificate is not to be lost in silence.
    fn is_empty(&self) -> bool {
        let section = self.section;
        section.client_auth_type.is_none()
            && section.client_ca_file.is_none()
            && section.client_allowed_sans.is_empty()
    }

    fn client_auth(&self) -> Result<ClientAuth, WebConfigError> {
        let section = self.section;
        let has_authority = section.client_ca_file.is_some();
        let written = section.client_auth_type.as_ref();
        let mode = written.map_or("", |written| written.value.as_str());
        let refuse = |problem: &str| Err(self.error(problem).at(written.and_then(position_of)));
        let client_auth = match mode {
            "" | "NoClientCert" => ClientAuth::None,
            "VerifyClientCertIfGiven" => ClientAuth::IfGiven,
            "RequireAndVerifyClientCert" => ClientAuth::Required,
            "RequestClientCert" | "RequireClientCert" | "RequireAnyClientCert" => {
                return refuse(
                    "client_auth_type asks for certificates that are not verified, which any client can make; write \
                     RequireAndVerifyClientCert, or NoClientCert",
                );
            }
            _ => {
                return refuse(
                    "client_auth_type is NoClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert",
                );
            }
        };
        match client_auth {
            ClientAuth::None if has_authority => self.refuse(
                "client_ca_file is given, and client_auth_type asks for no certificate; write \
                 RequireAndVerifyClientCert",
            ),
            ClientAuth::None if !section.client_allowed_sans.is_empty() => self.refuse(
                "client_allowed_sans needs certificates to look at; set client_auth_type and client_ca_file",
            ),
            ClientAuth::IfGiven | ClientAuth::Required if !has_authority => self.refuse(
                "client_ca_file is missing: the authorities that client_auth_type verifies certificates with",
            ),
            _ => Ok(client_auth),
        }
    }

    fn verifier(
        &self,
        client_auth: ClientAuth,
        provider: &Arc<CryptoProvider>,
        files: &mut Files,
    ) -> Result<Arc<dyn ClientCertVerifier>, WebConfigError> {
        let Some(authority) = &self.section.client_ca_file else {
            return Ok(WebPkiClientVerifier::no_client_auth());
        };
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates(authority, "client_ca_file", files)? {
            roots.add(certificate).map_err(|error| {
                let problem =
                    format!("client_ca_file has a certificate that cannot be read: {error}");
                self.error_at(authority, problem)
            })?;
        }
        let builder =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let builder = match client_auth {
            ClientAuth::Required => builder,
            ClientAuth::IfGiven | ClientAuth::None => builder.allow_unauthenticated(),
        };
        let inner = builder.build().map_err(|error| {
            self.error_at(authority, format!("client_ca_file cannot be used: {error}"))
        })?;
        let names = &self.section.client_allowed_sans;
        let is_mail = |name: &str| name.contains('@') && !name.contains("://");
        if let Some(name) = names.iter().find(|name| is_mail(&name.value)) {
            return self.refuse_at(
                name,
                "client_allowed_sans: this is an e-mail address, and those are not compared; write DNS names, URIs \
                 and IP addresses",
            );
        }
        let allowed: Vec<_> = names.iter().map(|name| name.value.clone()).collect();
        Ok(if allowed.is_empty() { inner } else { Arc::new(ClientNames { inner, allowed }) })
    }

    /// The versions from `min_version` to `max_version`.
    fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, WebConfigError> {
        let number = |key: &str, version: &Option<Spanned<String>>, default| {
            let Some(version) = version else { return Ok(default) };
            match version.value.as_str() {
                "" => Ok(default),
                "TLS12" => Ok(2),
                "TLS13" => Ok(3),
                "TLS10" | "TLS11" => self.refuse_at(
                    version,
                    format!(
                        "{key}: TLS before 1.2 is broken (RFC 8996) and not offered; write TLS12 or TLS13"
                    ),
                ),
                _ => self.refuse_at(version, format!("{key} is TLS12 or TLS13")),
            }
        };
        let min = number("min_version", &self.section.min_version, 2)?;
        let max = number("max_version", &self.section.max_version, 3)?;
        match (min, max) {
            (2, 2) => Ok(vec![&TLS12]),
            (3, 3) => Ok(vec![&TLS13]),
            (2, 3) => Ok(vec![&TLS13, &TLS12]),
            _ => self.refuse("min_version is above max_version"),
        }
    }

    /// Ring's algorithms, less those that the section leaves out.
    fn provider(&self) -> Result<CryptoProvider, WebConfigError> {
        let mut provider = ring::default_provider();
        if let Some(names) = self.section.cipher_suites.as_ref().filter(|names| !names.is_empty()) {
            let named = |name: &Spanned<String>| {
                let known = provider.cipher_suites.iter().find_map(|suite| {
                    let written = format!("{:?}", suite.suite()).replace("TLS13_", "TLS_");
                    (written == name.value).then_some(*suite)
                });
                known.ok_or_else(|| {
                    self.error_at(
                        name,
                        "cipher_suites: this one is not offered; those with ECDHE and AES_128_GCM, AES_256_GCM or \
                         CHACHA20_POLY1305 are",
                    )
                })
            };
            let mut suites = names.iter().map(named).collect::<Result<Vec<_>, _>>()?;
            // As in Go, the suites of TLS 1.3 are not to be chosen.
            suites.retain(|suite| suite.tls13().is_none());
            suites.extend(provider.cipher_suites.iter().filter(|suite| suite.tls13().is_some()));
            provider.cipher_suites = suites;
        }
        if let Some(names) =
            self.section.curve_preferences.as_ref().filter(|names| !names.is_empty())
        {
            provider.kx_groups =
                names.iter().map(|name| self.curve(name)).collect::<Result<_, _>>()?;
        }
        Ok(provider)
    }

    fn curve(
        &self,
        name: &Spanned<String>,
    ) -> Result<&'static dyn SupportedKxGroup, WebConfigError> {
        match name.value.as_str() {
            "CurveP256" => Ok(ring::kx_group::SECP256R1),
            "CurveP384" => Ok(ring::kx_group::SECP384R1),
            "X25519" => Ok(ring::kx_group::X25519),
            _ => self.refuse_at(
                name,
                "curve_preferences: this one is not offered; CurveP256, CurveP384 and X25519 are",
            ),
        }
    }
}
