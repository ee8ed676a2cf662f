//! Certificates, and a client that asks over TLS.

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};

use crate::wire::{self, Answer};

/// An authority that signs certificates into a folder of its own, which goes when this does.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    /// A new one, whose certificate is `ca.crt`.
    ///
    /// # Panics
    ///
    /// When the folder cannot be written.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("yardstick-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        fs::write(folder.join("ca.crt"), issuer.pem()).expect("a writable folder");
        Self { folder, issuer }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a file in it.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// Writes a file into it.
    ///
    /// # Panics
    ///
    /// When that cannot be done.
    pub fn write(&self, file: &str, text: &str) {
        // As a careful operator does: the file is never seen half-written.
        let beside = self.path("beside");
        fs::write(&beside, text).expect("a writable folder");
        fs::rename(beside, self.path(file)).expect("a writable folder");
    }

    /// Signs a certificate for 127.0.0.1 and these DNS names: `NAME.crt` and `NAME.key`.
    ///
    /// # Panics
    ///
    /// When that cannot be done.
    pub fn sign(&self, name: &str, dns_names: &[&str]) {
        let key = KeyPair::generate().expect("a key");
        let names: Vec<String> = dns_names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("DNS names");
        params.subject_alt_names.push(SanType::IpAddress([127, 0, 0, 1].into()));
        let signed = params.signed_by(&key, &self.issuer).expect("a certificate");
        self.write(&format!("{name}.crt"), &signed.pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
    }

    /// A client that trusts this authority, and shows the certificate of this name, if any.
    ///
    /// # Panics
    ///
    /// When there is no such certificate.
    #[must_use]
    pub fn client(&self, certificate: Option<&str>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_root_certificates(roots);
        let Some(name) = certificate else { return builder.with_no_client_auth() };
        let file = |ending| self.path(&format!("{name}.{ending}"));
        let chain = CertificateDer::from_pem_file(file("crt")).expect("it was signed");
        let key = PrivateKeyDer::from_pem_file(file("key")).expect("it was signed");
        builder.with_client_auth_cert(vec![chain], key).expect("they belong together")
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What a server over TLS said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secured {
    /// The answer; its head is empty if the connection was refused.
    pub answer: Answer,
    /// The server's certificate, if there was one.
    pub certificate: Option<Vec<u8>>,
}

/// Asks for a path over TLS, with these further header lines.
///
/// # Panics
///
/// When nobody listens.
#[must_use]
pub fn request(address: SocketAddr, client: &ClientConfig, path: &str, headers: &str) -> Secured {
    let name = ServerName::from(address.ip());
    let connection = ClientConnection::new(Arc::new(client.clone()), name).expect("a valid name");
    let mut stream = StreamOwned::new(connection, wire::send(address, ""));
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    // Whatever is refused is seen as an answer that is not there.
    let _ = stream.write_all(head.as_bytes());
    let bytes = wire::rest(&mut stream);
    let certificates = stream.conn.peer_certificates().unwrap_or_default();
    let certificate = certificates.first().map(|certificate| certificate.to_vec());
    Secured { answer: wire::split(bytes), certificate }
}
