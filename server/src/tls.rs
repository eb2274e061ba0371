//! Encryption by the server itself: a certificate and its key, read once at the start.
//!
//! Whoever renews certificates by the month rather stands a proxy in front (`--behind-proxy`); without one this is enough.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The one protocol that is spoken over an encrypted connection.
const ALPN: &[u8] = b"http/1.1";

/// Takes encrypted connections with a certificate (its chain after it) and its key, both PEM.
///
/// # Errors
/// When a file cannot be read, or the key is not the certificate's; with the file named, and never what is in it.
pub fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let unreadable = |path: &Path, error: rustls::pki_types::pem::Error| format!("{}: {error}", path.display());
    let chain: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| unreadable(certificate, error))?;
    if chain.is_empty() {
        return Err(format!(
            "{}: there is no certificate in it; it begins with -----BEGIN CERTIFICATE-----",
            certificate.display()
        ));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?.with_no_client_auth();
    let mut config = config
        .with_single_cert(chain, private)
        .map_err(|error| format!("{} and {} do not belong together: {error}", certificate.display(), key.display()))?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
pub(crate) mod tests {
    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::TlsConnector;

    use super::*;

    fn fixture(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
    }

    /// Whoever shows the certificate of the fixtures.
    pub(crate) fn example() -> TlsAcceptor {
        acceptor(&fixture("cert.pem"), &fixture("key.pem")).expect("they belong together")
    }

    /// Whoever trusts it.
    pub(crate) fn trusting() -> (TlsConnector, ServerName<'static>) {
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_file(fixture("cert.pem")).expect("a certificate");
        roots.add(certificate).expect("it can be trusted");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_root_certificates(roots).with_no_client_auth();
        (TlsConnector::from(Arc::new(config)), ServerName::try_from("localhost").expect("a name"))
    }

    #[test]
    fn files_that_do_not_belong_together_are_named_and_not_shown() {
        for (certificate, key, named) in [
            ("cert.pem", "other-key.pem", "other-key.pem"),
            ("cert.pem", "nowhere.pem", "nowhere.pem"),
            ("key.pem", "key.pem", "no certificate"),
            ("cert.pem", "cert.pem", "cert.pem"),
        ] {
            let error = acceptor(&fixture(certificate), &fixture(key)).err().expect("no server with these");
            assert!(error.contains(named), "{error}");
            assert!(!error.contains("MIG"), "{error}");
        }
    }
}
