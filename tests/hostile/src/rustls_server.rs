//! A well-behaved server: rustls.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoClientAuth;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ServerConfig, ServerConnection};

use crate::device::ANSWER;
use crate::pipe::{Peer, contains};
use crate::pki::Entity;

/// rustls with a chain; it answers each request and says goodbye when the device does.
pub struct RustlsServer {
    connection: ServerConnection,
    received: Vec<u8>,
    answered: usize,
}

impl RustlsServer {
    /// A server that offers what rustls offers.
    #[must_use]
    pub fn new(chain: &[&Entity]) -> Self {
        Self::with_client_verifier(chain, Arc::new(NoClientAuth))
    }

    /// A server that asks for the device's certificate.
    #[must_use]
    pub fn with_client_verifier(chain: &[&Entity], verifier: Arc<dyn ClientCertVerifier>) -> Self {
        let certificates = chain
            .iter()
            .map(|entity| CertificateDer::from(entity.der.clone()))
            .collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(chain[0].key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(certificates, key)
            .unwrap();
        Self {
            connection: ServerConnection::new(Arc::new(config)).unwrap(),
            received: Vec::new(),
            answered: 0,
        }
    }

    /// What the device sent, decrypted.
    #[must_use]
    pub fn received(&self) -> &[u8] {
        &self.received
    }
}

impl Peer for RustlsServer {
    fn exchange(&mut self, mut from_device: &[u8]) -> Vec<u8> {
        while !from_device.is_empty() {
            self.connection.read_tls(&mut from_device).unwrap();
            let Ok(state) = self.connection.process_new_packets() else {
                break;
            };
            let mut plaintext = vec![0; state.plaintext_bytes_to_read()];
            self.connection.reader().read_exact(&mut plaintext).unwrap();
            self.received.extend(plaintext);
            if state.peer_has_closed() {
                self.connection.send_close_notify();
            }
        }
        let requests = self
            .received
            .windows(4)
            .filter(|end| end == b"\r\n\r\n")
            .count();
        while self.answered < requests {
            self.connection.writer().write_all(ANSWER).unwrap();
            self.answered += 1;
        }
        let mut answer = Vec::new();
        while self.connection.wants_write() {
            self.connection.write_tls(&mut answer).unwrap();
        }
        answer
    }

    fn saw(&self, token: &[u8]) -> bool {
        contains(&self.received, token)
    }
}
