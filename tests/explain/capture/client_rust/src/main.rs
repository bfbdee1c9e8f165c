//! Fetches one URL with ureq over rustls or over native-tls: client_rust rustls|native CA URL.

use std::sync::Arc;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let word: Vec<String> = std::env::args().collect();
    let pem = std::fs::read(&word[2])?;
    let mut builder = ureq::AgentBuilder::new()
        .timeout(Duration::from_secs(3))
        .try_proxy_from_env(true);
    if word[1] == "native" {
        let mut connector = native_tls::TlsConnector::builder();
        connector.disable_built_in_roots(true);
        for one in String::from_utf8(pem)?.split_inclusive("-----END CERTIFICATE-----") {
            if one.contains("BEGIN") {
                connector.add_root_certificate(native_tls::Certificate::from_pem(one.trim().as_bytes())?);
            }
        }
        builder = builder.tls_connector(Arc::new(connector.build()?));
    } else {
        use rustls::pki_types::{pem::PemObject, CertificateDer};
        let mut roots = rustls::RootCertStore::empty();
        for one in CertificateDer::pem_slice_iter(&pem) {
            roots.add(one?)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        builder = builder.tls_config(Arc::new(config));
    }
    builder.build().get(&word[3]).call()?;
    Ok(())
}
