//! How far a server has come with proving that it is the host.
//!
//! ```text
//!            Certificate               CertificateVerify             Proof::check
//!  Nothing ---------------> Certified -------------------> Claimed ----------------> Proved
//!     |                         |                             |                        |
//!     +------ anything else ----+------- anything else -------+------------------------+----> Refused
//! ```
//! embedded-tls calls its verifier in the middle of a record, where nothing can wait. The check of the certificates and
//! that of the handshake's signature would follow each other without a pause; so the signature is only kept there, and
//! [`Proof::check`] is called by [`Records`](super::records::Records) before it lets the client's Finished out. Nothing
//! leads out of `Refused`.

use core::cell::{Cell, RefCell};

use embedded_tls::CertificateVerifyRef;
use heapless::Vec;
use rustls_pki_types::SignatureVerificationAlgorithm;

use super::algorithms;
use super::error::{CertificateError, ProtocolError, TlsError};
use super::x509::PublicKey;

/// Room for a `SubjectPublicKeyInfo`: 550 octets for 4096 bits of RSA, 120 for P-384.
const MAX_KEY_INFO: usize = if cfg!(feature = "rsa") { 576 } else { 128 };
/// Room for a signature: 512 octets for 4096 bits of RSA, 104 for P-384.
const MAX_SIGNATURE: usize = if cfg!(feature = "rsa") { 512 } else { 104 };

/// What one handshake has shown about the server.
pub(crate) struct Proof {
    phase: Cell<Phase>,
    evidence: RefCell<Evidence>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Nothing,
    Certified,
    Claimed,
    Proved,
    Refused(TlsError),
}

struct Evidence {
    public_key_info: Vec<u8, MAX_KEY_INFO>,
    /// The hash of the handshake up to and including the certificate: what the server must sign.
    transcript: [u8; 32],
    algorithm: Option<&'static dyn SignatureVerificationAlgorithm>,
    signature: Vec<u8, MAX_SIGNATURE>,
}

impl Proof {
    pub(crate) const fn new() -> Self {
        Self {
            phase: Cell::new(Phase::Nothing),
            evidence: RefCell::new(Evidence {
                public_key_info: Vec::new(),
                transcript: [0; 32],
                algorithm: None,
                signature: Vec::new(),
            }),
        }
    }

    /// `Ok` only once the certificate and the server's possession of its key were both verified.
    pub(crate) const fn verdict(&self) -> Result<(), TlsError> {
        Err(TlsError::Protocol(match self.phase.get() {
            Phase::Proved => return Ok(()),
            Phase::Refused(error) => return Err(error),
            Phase::Nothing => ProtocolError::CertificateMissing,
            Phase::Certified | Phase::Claimed => ProtocolError::CertificateVerifyMissing,
        }))
    }

    /// Why the server was refused, if it was.
    pub(crate) const fn refusal(&self) -> Option<TlsError> {
        match self.phase.get() {
            Phase::Refused(error) => Some(error),
            _ => None,
        }
    }

    /// Whether certificate and signature have arrived, right or wrong.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.phase.get(), Phase::Claimed | Phase::Proved)
    }

    /// Takes a server's certificates in; `verify` returns the key of a server that they show to be the host.
    pub(crate) fn certify<'c>(
        &self,
        transcript: [u8; 32],
        verify: impl FnOnce() -> Result<&'c [u8], TlsError>,
    ) -> Result<(), TlsError> {
        self.step(Phase::Nothing, Phase::Certified, |evidence| {
            evidence.transcript = transcript;
            evidence.public_key_info =
                Vec::from_slice(verify()?).map_err(|_| CertificateError::UnsupportedAlgorithm)?;
            Ok(())
        })
    }

    /// Takes the server's signature in, which is checked later.
    pub(crate) fn claim(&self, message: &CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        self.step(Phase::Certified, Phase::Claimed, |evidence| {
            let algorithm = algorithms::for_handshake(message.signature_scheme)
                .ok_or(CertificateError::UnsupportedAlgorithm)?;
            let key = evidence.key()?;
            if key.algorithm != algorithm.public_key_alg_id().as_ref() {
                return Err(CertificateError::UnsupportedAlgorithm.into());
            }
            evidence.algorithm = Some(algorithm);
            // One that does not fit is longer than any that is right.
            evidence.signature = Vec::from_slice(message.signature)
                .map_err(|_| CertificateError::BadHandshakeSignature)?;
            Ok(())
        })
    }

    /// Checks the signature, unless that is done; the long computation.
    pub(crate) fn check(&self) -> Result<(), TlsError> {
        match self.phase.get() {
            Phase::Claimed => self.step(Phase::Claimed, Phase::Proved, |evidence| {
                let algorithm = evidence
                    .algorithm
                    .ok_or(CertificateError::UnsupportedAlgorithm)?;
                let content = signed_content(&evidence.transcript);
                algorithm
                    .verify_signature(evidence.key()?.bits, &content, &evidence.signature)
                    .map_err(|_| CertificateError::BadHandshakeSignature.into())
            }),
            _ => self.verdict(),
        }
    }

    /// Every step starts in `Refused`, so that no early return can leave a better phase behind.
    fn step(
        &self,
        from: Phase,
        to: Phase,
        work: impl FnOnce(&mut Evidence) -> Result<(), TlsError>,
    ) -> Result<(), TlsError> {
        let unexpected = TlsError::Protocol(ProtocolError::UnexpectedMessage);
        let before = self.phase.replace(Phase::Refused(unexpected));
        let outcome = match (before, self.evidence.try_borrow_mut()) {
            (Phase::Refused(error), _) => Err(error),
            (before, Ok(mut evidence)) if before == from => work(&mut evidence),
            _ => Err(unexpected),
        };
        self.phase.set(match outcome {
            Ok(()) => to,
            Err(error) => Phase::Refused(error),
        });
        outcome
    }
}

impl Evidence {
    fn key(&self) -> Result<PublicKey<'_>, TlsError> {
        PublicKey::parse(&self.public_key_info).ok_or(CertificateError::Malformed.into())
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
