//! ECDSA signatures on P-256 and P-384 (FIPS 186-5, 6.4), keys as uncompressed points, signatures in DER.
//!
//! Of the two signatures that fit whenever one does, `(r, s)` and `(r, n - s)`, both are right in X.509 and TLS.

use core::fmt;

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
#[cfg(any(feature = "p384", feature = "rsa"))]
use sha2::Sha384;
#[cfg(feature = "p384")]
use sha2::Sha512;
use sha2::{Digest, Sha256};

#[cfg(feature = "p384")]
use super::curve::P384;
use super::curve::{Curve, P256};
use super::limbs::limbs_from;
use crate::tls::der::{Reader, Tag};

/// P-256 with SHA-256.
pub static ECDSA_P256_SHA256: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    name: "ECDSA P-256 SHA-256",
    key: alg_id::ECDSA_P256,
    signature: alg_id::ECDSA_SHA256,
    verify: |key, message, signature| verify(&P256, key, &Sha256::digest(message), signature),
};

/// P-256 with SHA-384; only beside `p384` or `rsa`, which need that hash anyway (28 KB of flash, or 2 KB with
/// sha2's feature `force-soft-compact`).
#[cfg(any(feature = "p384", feature = "rsa"))]
pub static ECDSA_P256_SHA384: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    name: "ECDSA P-256 SHA-384",
    key: alg_id::ECDSA_P256,
    signature: alg_id::ECDSA_SHA384,
    verify: |key, message, signature| verify(&P256, key, &Sha384::digest(message), signature),
};

/// P-384 with SHA-256.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA256: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    name: "ECDSA P-384 SHA-256",
    key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA256,
    verify: |key, message, signature| verify(&P384, key, &Sha256::digest(message), signature),
};

/// P-384 with SHA-384.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA384: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    name: "ECDSA P-384 SHA-384",
    key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA384,
    verify: |key, message, signature| verify(&P384, key, &Sha384::digest(message), signature),
};

/// P-384 with SHA-512.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA512: &dyn SignatureVerificationAlgorithm = &Ecdsa {
    name: "ECDSA P-384 SHA-512",
    key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA512,
    verify: |key, message, signature| verify(&P384, key, &Sha512::digest(message), signature),
};

/// Checks a key's signature of a message.
type Verify = fn(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()>;

struct Ecdsa {
    name: &'static str,
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    verify: Verify,
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        (self.verify)(public_key, message, signature).ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

impl fmt::Debug for Ecdsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (xobito-embassy)", self.name)
    }
}

/// RFC 5480 lets a certificate compress its point, but no public authority does: one form is enough to keep right.
const UNCOMPRESSED: u8 = 4;

/// FIPS 186-5, 6.4.2: `None` unless the signature is right.
pub(super) fn verify(curve: &Curve, key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let key = key.strip_prefix(&[UNCOMPRESSED])?;
    let order = curve.order()?;
    let (r, s) = parts_of(signature)?;
    let (r, s) = (order.number(r)?, order.number(s)?);

    // Of a hash that is longer than the order only the first bits count. It may still be greater than the order;
    // the multiplication does not mind.
    let digest = limbs_from(digest.get(..curve.bytes).unwrap_or(digest))?;
    let inverse = order.invert(&order.multiply(&s, &order.r_squared()))?;
    let factor = order.multiply(&digest, &inverse);
    let key_factor = order.multiply(&r, &inverse);
    curve
        .sum_has_x(&factor, &key_factor, key, &r)
        .and_then(|has_x| has_x.then_some(()))
}

/// `r` and `s`, neither of which is 0.
fn parts_of(signature: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut outer = Reader::new(signature);
    let mut parts = outer.enter(Tag::SEQUENCE)?;
    let both = (parts.positive_integer()?, parts.positive_integer()?);
    (outer.is_empty() && parts.is_empty()).then_some(both)
}

#[cfg(test)]
#[path = "ecdsa_tests.rs"]
mod tests;
