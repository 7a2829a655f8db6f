//! Whom we trust, and the handshake.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Why TLS cannot be set up on our side.
#[derive(Debug, thiserror::Error)]
pub enum BadTrust {
    /// The file of further certificates.
    #[error("ca_file of the relay's URL cannot be read as PEM certificates")]
    CaFile(#[source] rustls::pki_types::pem::Error),
    /// A certificate in it.
    #[error("ca_file of the relay's URL holds a certificate that cannot be used")]
    Certificate(#[source] rustls::Error),
    /// Neither the system nor the file gives any.
    #[error("no trusted certificates found: install ca-certificates, or give ?ca_file= in the URL")]
    Nobody,
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Versions(#[source] rustls::Error),
}

/// Trusts the system's certificates and those in `ca_file`.
pub(super) fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, BadTrust> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        for certificate in CertificateDer::pem_file_iter(path).map_err(BadTrust::CaFile)? {
            let certificate = certificate.map_err(BadTrust::CaFile)?;
            roots.add(certificate).map_err(BadTrust::Certificate)?;
        }
    }
    if roots.is_empty() {
        return Err(BadTrust::Nobody);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(BadTrust::Versions)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
