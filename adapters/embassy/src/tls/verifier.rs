//! The gatekeeper of a handshake: has the server proved to be the host?
//!
//! ```text
//!             Certificate               CertificateVerify
//!  Nothing ----------------> Certified ------------------> Proved
//!     |                          |                            |
//!     +---- anything else -------+---- anything else ---------+----> Refused
//! ```
//! embedded-tls accepts a Finished message in any of these states, so [`Verifier::verdict`] must be asked after the
//! handshake. Nothing leads out of `Refused`.

use embedded_tls::{
    CertificateEntryRef, CertificateRef, CertificateVerifyRef, TlsError as EmbeddedTlsError,
    TlsVerifier,
};
use heapless::Vec;
use rustls_pki_types::ServerName;
use sha2::{Digest, Sha256};

use super::algorithms;
use super::anchors::TrustAnchors;
use super::error::{CertificateError, ProtocolError, TlsError};
use super::path::{self, Dates, MAX_CERTIFICATES};
use super::suite::Suite;
use super::x509::PublicKey;

/// Room for a `SubjectPublicKeyInfo`: 550 octets for 4096 bits of RSA, 120 for P-384.
const MAX_KEY_INFO: usize = if cfg!(feature = "rsa") { 576 } else { 128 };

/// Checks one server in one handshake.
pub(crate) struct Verifier<'a> {
    host: &'a ServerName<'a>,
    anchors: TrustAnchors<'a>,
    dates: Dates,
    state: State,
}

#[allow(
    clippy::large_enum_variant,
    reason = "the large variant is the one that every good handshake needs"
)]
enum State {
    Nothing,
    Certified {
        public_key_info: Vec<u8, MAX_KEY_INFO>,
        /// The hash of the handshake up to and including the certificate: what the server must sign.
        transcript: [u8; 32],
    },
    Proved,
    Refused(TlsError),
}

impl<'a> Verifier<'a> {
    pub(crate) const fn new(
        host: &'a ServerName<'a>,
        anchors: TrustAnchors<'a>,
        dates: Dates,
    ) -> Self {
        Self {
            host,
            anchors,
            dates,
            state: State::Nothing,
        }
    }

    /// `Ok` only once the certificate and the server's possession of its key were both verified.
    pub(crate) const fn verdict(&self) -> Result<(), TlsError> {
        match self.state {
            State::Proved => Ok(()),
            State::Refused(error) => Err(error),
            State::Nothing => Err(TlsError::Protocol(ProtocolError::CertificateMissing)),
            State::Certified { .. } => {
                Err(TlsError::Protocol(ProtocolError::CertificateVerifyMissing))
            }
        }
    }

    /// Why the server was refused, if it was.
    pub(crate) const fn refusal(&self) -> Option<TlsError> {
        match self.state {
            State::Refused(error) => Some(error),
            _ => None,
        }
    }

    /// Every step starts in `Refused`, so that no early return can leave a better state behind.
    fn take_state(&mut self) -> State {
        let unexpected = TlsError::Protocol(ProtocolError::UnexpectedMessage);
        core::mem::replace(&mut self.state, State::Refused(unexpected))
    }

    fn settle(&mut self, step: Result<State, TlsError>) -> Result<(), EmbeddedTlsError> {
        match step {
            Ok(state) => {
                self.state = state;
                Ok(())
            }
            Err(error) => {
                self.state = State::Refused(error);
                // embedded-tls only has to stop; `refusal` tells why.
                Err(EmbeddedTlsError::InvalidCertificate)
            }
        }
    }

    fn certificate(
        &mut self,
        transcript: &Sha256,
        message: &CertificateRef<'_>,
    ) -> Result<State, TlsError> {
        match self.take_state() {
            State::Nothing => (),
            State::Refused(error) => return Err(error),
            _ => return Err(ProtocolError::UnexpectedMessage.into()),
        }
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
        Ok(State::Certified {
            public_key_info: Vec::from_slice(server.public_key_info)
                .map_err(|_| CertificateError::UnsupportedAlgorithm)?,
            transcript: transcript.clone().finalize().into(),
        })
    }

    fn proof(&mut self, message: &CertificateVerifyRef<'_>) -> Result<State, TlsError> {
        let (key_info, transcript) = match self.take_state() {
            State::Certified {
                public_key_info,
                transcript,
            } => (public_key_info, transcript),
            State::Refused(error) => return Err(error),
            _ => return Err(ProtocolError::UnexpectedMessage.into()),
        };
        let algorithm = algorithms::for_handshake(message.signature_scheme)
            .ok_or(CertificateError::UnsupportedAlgorithm)?;
        let key = PublicKey::parse(&key_info).ok_or(CertificateError::Malformed)?;
        if key.algorithm != algorithm.public_key_alg_id().as_ref() {
            return Err(CertificateError::UnsupportedAlgorithm.into());
        }
        algorithm
            .verify_signature(key.bits, &signed_content(&transcript), message.signature)
            .map_err(|_| CertificateError::BadHandshakeSignature)?;
        Ok(State::Proved)
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
        let step = self.certificate(transcript, &message);
        self.settle(step)
    }

    fn verify_signature(
        &mut self,
        message: CertificateVerifyRef<'_>,
    ) -> Result<(), EmbeddedTlsError> {
        let step = self.proof(&message);
        self.settle(step)
    }
}

/// RFC 8446, 4.4.3: padding and a label in front of the hash, so that no other signature can be mistaken for this one.
fn signed_content(transcript: &[u8; 32]) -> [u8; 130] {
    const LABEL: &[u8; 34] = b"TLS 1.3, server CertificateVerify\0";
    let mut content = [0x20; 130];
    let parts = LABEL.iter().chain(transcript);
    for (to, from) in content.iter_mut().skip(64).zip(parts) {
        *to = *from;
    }
    content
}
