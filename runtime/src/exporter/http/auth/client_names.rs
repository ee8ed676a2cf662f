//! Client certificates that must have one of some subject names.

use std::sync::Arc;

use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, IpAddr, ServerName, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

/// Asks `inner` first, then for the names.
#[derive(Debug)]
pub(super) struct ClientNames {
    pub(super) inner: Arc<dyn ClientCertVerifier>,
    /// DNS names, URIs and IP addresses, any of which is enough.
    pub(super) allowed: Vec<String>,
}

impl ClientNames {
    fn has_allowed_name(&self, certificate: &CertificateDer<'_>) -> bool {
        let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return false };
        self.allowed.iter().any(|allowed| {
            // A name is compared as it is written: `*.example.com` of a certificate is not every host.
            let is_written = || {
                certificate
                    .valid_dns_names()
                    .chain(certificate.valid_uri_names())
                    .any(|name| name == allowed)
            };
            IpAddr::try_from(allowed.as_str()).map_or_else(
                |_| is_written(),
                |address| {
                    let address = ServerName::IpAddress(address);
                    certificate.verify_is_valid_for_subject_name(&address).is_ok()
                },
            )
        })
    }
}

impl ClientCertVerifier for ClientNames {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.inner.verify_client_cert(certificate, intermediates, now)?;
        if self.has_allowed_name(certificate) {
            Ok(verified)
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
