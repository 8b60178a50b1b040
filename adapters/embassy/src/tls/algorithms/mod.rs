//! The signature algorithms that certificates and servers may use: ECDSA and RSA.
//!
//! Each is a [`SignatureVerificationAlgorithm`], so that rustls-webpki and the handshake share them. The checks of a
//! server's certificates, one for each, are the longest computation between two awaits of this crate.

mod curve;
mod ecdsa;
mod limbs;
mod montgomery;
#[cfg(feature = "rsa")]
mod rsa;
#[cfg(test)]
mod test_numbers;
#[cfg(all(test, feature = "p384"))]
mod wycheproof_tests;

use embedded_tls::SignatureScheme;
use rustls_pki_types::{SignatureVerificationAlgorithm, alg_id};

use super::x509::PublicKey;

pub use ecdsa::ECDSA_P256_SHA256;
#[cfg(any(feature = "p384", feature = "rsa"))]
pub use ecdsa::ECDSA_P256_SHA384;
#[cfg(feature = "p384")]
pub use ecdsa::{ECDSA_P384_SHA256, ECDSA_P384_SHA384, ECDSA_P384_SHA512};
#[cfg(feature = "rsa")]
pub use rsa::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512,
};

/// Every algorithm that this build accepts in a certificate's signature.
pub static ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    ECDSA_P256_SHA256,
    #[cfg(any(feature = "p384", feature = "rsa"))]
    ECDSA_P256_SHA384,
    #[cfg(feature = "p384")]
    ECDSA_P384_SHA384,
    #[cfg(feature = "p384")]
    ECDSA_P384_SHA256,
    #[cfg(feature = "p384")]
    ECDSA_P384_SHA512,
    #[cfg(feature = "rsa")]
    RSA_PKCS1_SHA256,
    #[cfg(feature = "rsa")]
    RSA_PKCS1_SHA384,
    #[cfg(feature = "rsa")]
    RSA_PKCS1_SHA512,
    #[cfg(feature = "rsa")]
    RSA_PSS_SHA256,
    #[cfg(feature = "rsa")]
    RSA_PSS_SHA384,
    #[cfg(feature = "rsa")]
    RSA_PSS_SHA512,
];

/// Whether a server with this key can prove that it holds it.
pub(crate) fn supports_key(key: &PublicKey<'_>) -> bool {
    #[cfg(feature = "rsa")]
    if key.algorithm == alg_id::RSA_ENCRYPTION.as_ref() {
        return rsa::is_supported_key(key.bits);
    }
    #[cfg(feature = "p384")]
    if key.algorithm == alg_id::ECDSA_P384.as_ref() {
        return true;
    }
    key.algorithm == alg_id::ECDSA_P256.as_ref()
}

/// The algorithm of a `CertificateVerify` message, for the schemes that TLS 1.3 allows there (RFC 8446, 4.2.3).
///
/// There, and unlike in certificates, curve and hash belong together and PKCS#1 v1.5 is forbidden.
pub(crate) fn for_handshake(
    scheme: SignatureScheme,
) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    match scheme {
        SignatureScheme::EcdsaSecp256r1Sha256 => Some(ECDSA_P256_SHA256),
        #[cfg(feature = "p384")]
        SignatureScheme::EcdsaSecp384r1Sha384 => Some(ECDSA_P384_SHA384),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha256 => Some(RSA_PSS_SHA256),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha384 => Some(RSA_PSS_SHA384),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha512 => Some(RSA_PSS_SHA512),
        _ => None,
    }
}
