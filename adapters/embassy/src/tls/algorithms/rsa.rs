//! RSA signatures over public keys of 2048 to 4096 bits: PKCS#1 v1.5 for certificates, PSS for both.
//!
//! Guards come first, whatever the padding: the signature is as long as the modulus and smaller than it; the modulus
//! is odd and of an allowed size; the exponent is odd, at least 3 and below 2^32 (public roots exist whose exponent
//! is not 65537). A PKCS#1 block is compared as a whole with the one that is expected; it is never parsed.

use core::fmt;

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::limbs::bytes_into;
use super::montgomery::Modulus;
use crate::tls::der::{Reader, Tag};

const MIN_BITS: usize = 2048;
const MAX_BITS: usize = 4096;
const MAX_BYTES: usize = MAX_BITS / 8;
const MAX_LIMBS: usize = MAX_BITS / 32;
const MAX_HASH: usize = 64;

/// PKCS#1 v1.5 with SHA-256.
pub static RSA_PKCS1_SHA256: &dyn SignatureVerificationAlgorithm = &Pkcs1 {
    hash: Hash::Sha256,
    id: alg_id::RSA_PKCS1_SHA256,
};
/// PKCS#1 v1.5 with SHA-384.
pub static RSA_PKCS1_SHA384: &dyn SignatureVerificationAlgorithm = &Pkcs1 {
    hash: Hash::Sha384,
    id: alg_id::RSA_PKCS1_SHA384,
};
/// PKCS#1 v1.5 with SHA-512.
pub static RSA_PKCS1_SHA512: &dyn SignatureVerificationAlgorithm = &Pkcs1 {
    hash: Hash::Sha512,
    id: alg_id::RSA_PKCS1_SHA512,
};
/// PSS with SHA-256, MGF1 with the same hash and a salt of the hash's length.
pub static RSA_PSS_SHA256: &dyn SignatureVerificationAlgorithm = &Pss {
    hash: Hash::Sha256,
    id: alg_id::RSA_PSS_SHA256,
};
/// PSS with SHA-384, MGF1 with the same hash and a salt of the hash's length.
pub static RSA_PSS_SHA384: &dyn SignatureVerificationAlgorithm = &Pss {
    hash: Hash::Sha384,
    id: alg_id::RSA_PSS_SHA384,
};
/// PSS with SHA-512, MGF1 with the same hash and a salt of the hash's length.
pub static RSA_PSS_SHA512: &dyn SignatureVerificationAlgorithm = &Pss {
    hash: Hash::Sha512,
    id: alg_id::RSA_PSS_SHA512,
};

struct Pkcs1 {
    hash: Hash,
    id: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Pkcs1 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let digest = self.hash.digest(&[message]);
        recover(public_key, signature)
            .filter(|block| block.is_pkcs1_of(&self.hash.digest_info_prefix(), digest.bytes()))
            .map(|_| ())
            .ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.id
    }
}

impl fmt::Debug for Pkcs1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RSA PKCS#1 v1.5 {:?} (xobito-embassy)", self.hash)
    }
}

struct Pss {
    hash: Hash,
    id: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Pss {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let digest = self.hash.digest(&[message]);
        recover(public_key, signature)
            .and_then(|mut block| block.unmask_and_check_pss(self.hash, digest.bytes()))
            .ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.id
    }
}

impl fmt::Debug for Pss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RSA PSS {:?} (xobito-embassy)", self.hash)
    }
}

/// Whether a public key passes every guard.
pub(crate) fn is_supported_key(public_key: &[u8]) -> bool {
    Key::parse(public_key).is_some()
}

/// A public key that passed every guard.
struct Key {
    modulus: Modulus<MAX_LIMBS>,
    length: usize,
    exponent: u32,
}

impl Key {
    fn parse(public_key: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(public_key);
        let mut fields = Reader::new(outer.value(Tag::SEQUENCE)?);
        let modulus = fields.positive_integer()?;
        let exponent = fields.positive_integer()?;
        if !outer.is_empty() || !fields.is_empty() || exponent.len() > 4 {
            return None;
        }
        let length = modulus.len();
        let modulus = Modulus::new(modulus)?;
        let exponent = exponent
            .iter()
            .fold(0, |value, &byte| (value << 8) | u32::from(byte));
        let allowed =
            (MIN_BITS..=MAX_BITS).contains(&modulus.bits()) && exponent >= 3 && exponent & 1 == 1;
        allowed.then_some(Self {
            modulus,
            length,
            exponent,
        })
    }

    /// `base ^ exponent mod modulus`, if the base is smaller than the modulus.
    fn raise(&self, base: &[u8]) -> Option<[u32; MAX_LIMBS]> {
        let base = self.modulus.number(base)?;
        let base = self.modulus.multiply(&base, &self.modulus.r_squared());
        let power = self.modulus.power(&base, &[self.exponent])?;
        let mut one = [0; MAX_LIMBS];
        *one.first_mut()? = 1;
        Some(self.modulus.multiply(&power, &one))
    }
}

/// `signature ^ e mod n`, after every guard.
fn recover(public_key: &[u8], signature: &[u8]) -> Option<Block> {
    let key = Key::parse(public_key)?;
    if signature.len() != key.length {
        return None;
    }
    let number = key.raise(signature)?;
    let mut block = Block {
        bytes: [0; MAX_BYTES],
        length: key.length,
        modulus_bits: key.modulus.bits(),
    };
    bytes_into(&number, block.encoded_mut()?)?;
    Some(block)
}

/// What the signature held: an encoded message as long as the modulus.
struct Block {
    bytes: [u8; MAX_BYTES],
    length: usize,
    modulus_bits: usize,
}

impl Block {
    fn encoded(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }

    fn encoded_mut(&mut self) -> Option<&mut [u8]> {
        self.bytes.get_mut(..self.length)
    }

    /// RFC 8017, 8.2.2: the block is `00 01 FF .. FF 00`, the digest's description, the digest, and nothing else.
    fn is_pkcs1_of(&self, digest_info: &[u8], digest: &[u8]) -> bool {
        let described = digest_info.len() + digest.len();
        let Some(padding) = self.length.checked_sub(described + 3) else {
            return false;
        };
        let expected = [0, 1]
            .iter()
            .chain(core::iter::repeat_n(&0xFF, padding))
            .chain(&[0])
            .chain(digest_info)
            .chain(digest);
        self.encoded()
            .is_some_and(|encoded| encoded.iter().eq(expected))
    }

    /// RFC 8017, 9.1.2, with a salt as long as the hash.
    fn unmask_and_check_pss(&mut self, hash: Hash, message_digest: &[u8]) -> Option<()> {
        let encoded_bits = self.modulus_bits.checked_sub(1)?;
        let encoded_length = encoded_bits.div_ceil(8);
        let spare_bits = 8 * encoded_length - encoded_bits;

        // With 8k + 1 bits of modulus the encoded message is one byte shorter than the block.
        let (leading, encoded) = self.encoded_mut().and_then(|block| {
            block.split_at_mut_checked(block.len().checked_sub(encoded_length)?)
        })?;
        if leading.iter().any(|&byte| byte != 0) {
            return None;
        }
        let (&mut trailer, encoded) = encoded.split_last_mut()?;
        if trailer != 0xBC {
            return None;
        }
        let data_length = encoded.len().checked_sub(hash.length())?;
        let (data, expected) = encoded.split_at_mut_checked(data_length)?;
        let spare_mask = 0xFF_u8.checked_shr(u32::try_from(spare_bits).ok()?)?;
        if data.first()? & !spare_mask != 0 {
            return None;
        }
        hash.mask_generation(expected, data);
        *data.first_mut()? &= spare_mask;

        let (padding, salt) = data.split_at_checked(data.len().checked_sub(hash.length())?)?;
        let (separator, zeros) = padding.split_last()?;
        if *separator != 1 || zeros.iter().any(|&byte| byte != 0) {
            return None;
        }
        let digest = hash.digest(&[&[0; 8], message_digest, salt]);
        (digest.bytes() == &*expected).then_some(())
    }
}

#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn digest(self, parts: &[&[u8]]) -> HashValue {
        match self {
            Self::Sha256 => HashValue::of::<Sha256>(parts),
            Self::Sha384 => HashValue::of::<Sha384>(parts),
            Self::Sha512 => HashValue::of::<Sha512>(parts),
        }
    }

    /// RFC 8017, B.2.1 (MGF1): xors `seed`'s mask onto `data`.
    fn mask_generation(self, seed: &[u8], data: &mut [u8]) {
        for (counter, chunk) in (0_u32..).zip(data.chunks_mut(self.length())) {
            let mask = self.digest(&[seed, &counter.to_be_bytes()]);
            for (byte, mask) in chunk.iter_mut().zip(mask.bytes()) {
                *byte ^= mask;
            }
        }
    }

    /// RFC 8017, 9.2, note 1: the DER of `DigestInfo` up to the digest.
    const fn digest_info_prefix(self) -> [u8; 19] {
        match self {
            Self::Sha256 => digest_info(1, 32),
            Self::Sha384 => digest_info(2, 48),
            Self::Sha512 => digest_info(3, 64),
        }
    }
}

/// `SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.<arc>, NULL }, OCTET STRING (length) }` without the octets.
const fn digest_info(arc: u8, length: u8) -> [u8; 19] {
    [
        0x30,
        17 + length,
        0x30,
        13,
        0x06,
        9,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        arc,
        0x05,
        0,
        0x04,
        length,
    ]
}

struct HashValue {
    bytes: [u8; MAX_HASH],
    length: usize,
}

impl HashValue {
    fn of<D: Digest>(parts: &[&[u8]]) -> Self {
        let mut hasher = D::new();
        for part in parts {
            hasher.update(part);
        }
        let digest = hasher.finalize();
        let mut bytes = [0; MAX_HASH];
        for (to, from) in bytes.iter_mut().zip(&digest) {
            *to = *from;
        }
        Self {
            bytes,
            length: digest.len(),
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}
