//! What embedded-tls asks about the server's messages; the answers are kept in a [`Proof`].
//!
//! embedded-tls accepts a Finished message whether or not it has asked anything before, so the proof must be looked at
//! after the handshake.

use embedded_tls::{
    CertificateEntryRef, CertificateRef, CertificateVerifyRef, TlsError as EmbeddedTlsError,
    TlsVerifier,
};
use heapless::Vec;
use rustls_pki_types::ServerName;
use sha2::{Digest, Sha256};

use super::anchors::TrustAnchors;
use super::error::{CertificateError, ProtocolError, TlsError};
use super::path::{self, Dates, MAX_CERTIFICATES};
use super::proof::Proof;
use super::suite::Suite;

/// Checks one server in one handshake.
pub(crate) struct Verifier<'a> {
    host: &'a ServerName<'a>,
    anchors: TrustAnchors<'a>,
    dates: Dates,
    proof: &'a Proof,
}

impl<'a> Verifier<'a> {
    pub(crate) const fn new(
        host: &'a ServerName<'a>,
        anchors: TrustAnchors<'a>,
        dates: Dates,
        proof: &'a Proof,
    ) -> Self {
        Self {
            host,
            anchors,
            dates,
            proof,
        }
    }

    /// Where the answers are kept.
    pub(crate) const fn proof(&self) -> &'a Proof {
        self.proof
    }

    /// The key of the server, if its certificates show it to be the host.
    fn verify<'c>(&self, message: &CertificateRef<'c>) -> Result<&'c [u8], TlsError> {
        let count = message.entries.len();
        if count == 0 {
            return Err(ProtocolError::CertificateMissing.into());
        }
        let max = MAX_CERTIFICATES;
        let mut chain: Vec<&[u8], MAX_CERTIFICATES> = Vec::new();
        for entry in &message.entries {
            let CertificateEntryRef::X509(der) = entry else {
                return Err(CertificateError::UnsupportedAlgorithm.into());
            };
            chain
                .push(der)
                .map_err(|_| CertificateError::TooManyCertificates { count, max })?;
        }
        let server = path::verify(&chain, self.host, self.anchors, self.dates)?;
        Ok(server.public_key_info)
    }
}

impl TlsVerifier<Suite> for Verifier<'_> {
    fn set_hostname_verification(&mut self, _hostname: &str) -> Result<(), EmbeddedTlsError> {
        // The host was given to `new`, in a form that also knows IP addresses.
        Ok(())
    }

    fn verify_certificate(
        &mut self,
        transcript: &Sha256,
        message: CertificateRef<'_>,
    ) -> Result<(), EmbeddedTlsError> {
        let transcript = transcript.clone().finalize().into();
        stop_on_error(self.proof.certify(transcript, || self.verify(&message)))
    }

    fn verify_signature(
        &mut self,
        message: CertificateVerifyRef<'_>,
    ) -> Result<(), EmbeddedTlsError> {
        stop_on_error(self.proof.claim(&message))
    }
}

/// embedded-tls only has to stop; the proof tells why.
fn stop_on_error(step: Result<(), TlsError>) -> Result<(), EmbeddedTlsError> {
    step.map_err(|_| EmbeddedTlsError::InvalidCertificate)
}
