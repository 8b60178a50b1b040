//! RSA signatures, good and malformed, by keys of every size, made by *ring* and by hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use num_bigint::BigUint;
use ring::rand::SystemRandom;
use ring::signature::{self, RsaEncoding, RsaKeyPair};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use rustls_pki_types::SignatureVerificationAlgorithm;
use sha2::{Digest, Sha256, Sha384, Sha512};
use xobito_embassy::tls::algorithms::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512,
};
use xobito_hostile_tests::pki;

const MESSAGE: &[u8] = b"what is signed";

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

#[test]
fn what_ring_signs_is_accepted_and_nothing_near_it() {
    let encodings: [(&dyn RsaEncoding, Algorithm); 6] = [
        (&signature::RSA_PKCS1_SHA256, RSA_PKCS1_SHA256),
        (&signature::RSA_PKCS1_SHA384, RSA_PKCS1_SHA384),
        (&signature::RSA_PKCS1_SHA512, RSA_PKCS1_SHA512),
        (&signature::RSA_PSS_SHA256, RSA_PSS_SHA256),
        (&signature::RSA_PSS_SHA384, RSA_PSS_SHA384),
        (&signature::RSA_PSS_SHA512, RSA_PSS_SHA512),
    ];
    for pem in [pki::RSA_2048, pki::RSA_3072, pki::RSA_4096] {
        let key = Key::new(pem);
        let ring = RsaKeyPair::from_pkcs8(&key.pkcs8).unwrap();
        for (index, (encoding, algorithm)) in encodings.iter().enumerate() {
            let mut signature = vec![0; ring.public().modulus_len()];
            ring.sign(*encoding, &SystemRandom::new(), MESSAGE, &mut signature)
                .unwrap();
            let accepts = |algorithm: Algorithm, message: &[u8], signature: &[u8]| {
                algorithm
                    .verify_signature(&key.public(), message, signature)
                    .is_ok()
            };
            assert!(accepts(*algorithm, MESSAGE, &signature));
            for (other_index, (_, other)) in encodings.iter().enumerate() {
                assert_eq!(accepts(*other, MESSAGE, &signature), index == other_index);
            }
            assert!(!accepts(*algorithm, b"something else", &signature));
            for bit in [0, 9, 1000, signature.len() * 8 - 1] {
                let mut damaged = signature.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                assert!(!accepts(*algorithm, MESSAGE, &damaged));
            }
            let longer = [&[0][..], &signature].concat();
            for wrong in [
                &signature[1..],
                &signature[..signature.len() - 1],
                &longer,
                &[],
            ] {
                assert!(!accepts(*algorithm, MESSAGE, wrong));
            }
        }
    }
}

#[test]
fn keys_of_odd_sizes_and_exponents_sign_too() {
    for pem in [
        include_str!("../data/rsa-2049.pem"),
        include_str!("../data/rsa-2048-e43147.pem"),
    ] {
        let key = Key::new(pem);
        for (algorithm, block) in [
            (RSA_PKCS1_SHA256, key.pkcs1_block()),
            (RSA_PSS_SHA256, key.pss_block::<Sha256>(|_| ())),
            (RSA_PSS_SHA384, key.pss_block::<Sha384>(|_| ())),
            (RSA_PSS_SHA512, key.pss_block::<Sha512>(|_| ())),
        ] {
            assert!(key.verifies(algorithm, &block), "{algorithm:?}");
        }
    }
}

#[test]
fn pkcs1_blocks_that_differ_anywhere_are_refused() {
    let key = Key::new(pki::RSA_2048);
    let good = key.pkcs1_block();
    assert!(key.verifies(RSA_PKCS1_SHA256, &good));
    for at in 0..good.len() {
        let mut block = good.clone();
        block[at] ^= 1;
        assert!(!key.verifies(RSA_PKCS1_SHA256, &block), "octet {at}");
    }
    // Short padding with garbage behind the digest: what made forgeries possible where blocks are parsed.
    let mut short = vec![0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0];
    short.extend_from_slice(&good[good.len() - 51..]);
    short.resize(good.len(), 0x5A);
    assert!(!key.verifies(RSA_PKCS1_SHA256, &short));
    // The digest's description without its NULL.
    let mut bare = good.clone();
    let info = [
        &[
            0x30, 47, 0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 4, 32,
        ][..],
        &Sha256::digest(MESSAGE),
    ]
    .concat();
    let at = bare.len() - info.len();
    bare[at - 3..at].copy_from_slice(&[0xFF, 0xFF, 0]);
    bare[at..].copy_from_slice(&info);
    assert!(!key.verifies(RSA_PKCS1_SHA256, &bare));
}

type Change = fn(&mut Pss);

#[test]
fn malformed_pss_is_refused() {
    for pem in [pki::RSA_2048, include_str!("../data/rsa-2049.pem")] {
        let key = Key::new(pem);
        assert!(key.verifies(RSA_PSS_SHA256, &key.pss_block::<Sha256>(|_| ())));
        let changes: [(&str, Change); 7] = [
            ("another trailer", |pss| pss.trailer = 0xCC),
            ("a longer salt", |pss| pss.salt.push(1)),
            ("a shorter salt", |pss| {
                pss.salt.pop();
            }),
            ("no salt", |pss| pss.salt.clear()),
            ("another separator", |pss| pss.separator = 2),
            ("no separator", |pss| pss.separator = 0),
            ("padding that is not zero", |pss| pss.padding = 1),
        ];
        for (name, change) in changes {
            assert!(
                !key.verifies(RSA_PSS_SHA256, &key.pss_block::<Sha256>(change)),
                "{name}"
            );
        }
    }
}

/// A bit above those that the encoding may use changes nothing else, so only the check of these bits can find it.
#[test]
fn pss_with_a_leading_bit_is_refused() {
    for pem in [pki::RSA_2048, include_str!("../data/rsa-2049.pem")] {
        let key = Key::new(pem);
        let bit = BigUint::from(1_u8) << (key.modulus.bits() - 1);
        let blocks = (0..=u8::MAX).filter_map(|salt| {
            let good = key.pss_block::<Sha256>(|pss| pss.salt.fill(salt));
            let bad = BigUint::from_bytes_be(&good) | &bit;
            (bad < key.modulus).then(|| (good, bad.to_bytes_be()))
        });
        let mut tried = 0;
        for (good, bad) in blocks.take(4) {
            assert!(key.verifies(RSA_PSS_SHA256, &good));
            assert!(!key.verifies(RSA_PSS_SHA256, &bad));
            tried += 1;
        }
        assert!(tried > 0, "no salt leaves room below this modulus");
    }
}

#[test]
fn keys_that_are_none_are_refused_without_a_panic() {
    let key = Key::new(pki::RSA_2048);
    let block = key.pkcs1_block();
    let length = block.len();
    let modulus = key.modulus.to_bytes_be();
    let even = {
        let mut even = modulus.clone();
        *even.last_mut().unwrap() ^= 1;
        even
    };
    let refused = |modulus: &[u8], exponent: &[u8], signature: &[u8]| {
        for algorithm in [RSA_PKCS1_SHA256, RSA_PSS_SHA256, RSA_PSS_SHA512] {
            let key = public_key(modulus, exponent);
            assert!(
                algorithm
                    .verify_signature(&key, MESSAGE, signature)
                    .is_err()
            );
        }
    };
    // With the exponent 1 the "signature" is the block itself.
    refused(&modulus, &[1], &block);
    refused(&modulus, &[], &block);
    refused(&modulus, &[2], &block);
    refused(&modulus, &[1, 0, 1, 0, 1], &block);
    refused(&even, &[1, 0, 1], &block);
    refused(&[1], &[1, 0, 1], &[0]);
    refused(&[1], &[1, 0, 1], &block);
    refused(&[], &[1, 0, 1], &[]);
    refused(&[0xFF; 1024], &[1, 0, 1], &[1; 1024]);
    refused(&[0; 256], &[1, 0, 1], &[1; 256]);
    // s = n, s = s' + n where it still fits, s = 0, s = 1, s = n - 1.
    refused(&modulus, &[1, 0, 1], &modulus);
    refused(&modulus, &[1, 0, 1], &[0xFF; 256]);
    refused(&modulus, &[1, 0, 1], &vec![0; length]);
    refused(
        &modulus,
        &[1, 0, 1],
        &[vec![0; length - 1], vec![1]].concat(),
    );
    refused(&modulus, &[1, 0, 1], &even);
    for der in [
        &[][..],
        &[0x30],
        &[0x30, 0],
        &[0x30, 2, 2, 0],
        &[2, 1, 3],
        &[0x30, 3, 2, 1, 3, 0],
    ] {
        assert!(
            RSA_PKCS1_SHA256
                .verify_signature(der, MESSAGE, &block)
                .is_err()
        );
    }
    let mut trailing = key.public();
    trailing.push(0);
    assert!(
        RSA_PKCS1_SHA256
            .verify_signature(&trailing, MESSAGE, &key.sign(&block))
            .is_err()
    );
}

#[test]
fn a_signature_plus_the_modulus_is_refused() {
    let key = Key::new(pki::RSA_2048);
    // Some signature of some message is small enough for the sum to be as long as the modulus.
    let (message, sum) = (0..1000_u32)
        .map(|number| {
            let message = number.to_be_bytes();
            let signature = BigUint::from_bytes_be(&key.sign(&key.pkcs1_block_of(&message)));
            (message, (signature + &key.modulus).to_bytes_be())
        })
        .find(|(_, sum)| sum.len() == 256)
        .unwrap();
    assert!(
        RSA_PKCS1_SHA256
            .verify_signature(&key.public(), &message, &sum)
            .is_err()
    );
    let signature = (BigUint::from_bytes_be(&sum) - &key.modulus).to_bytes_be();
    let signature = [vec![0; 256 - signature.len()], signature].concat();
    assert!(
        RSA_PKCS1_SHA256
            .verify_signature(&key.public(), &message, &signature)
            .is_ok()
    );
}

#[test]
fn keys_below_2048_and_above_4096_bits_are_refused() {
    for pem in [
        include_str!("../data/rsa-2040.pem"),
        include_str!("../data/rsa-4104.pem"),
    ] {
        let key = Key::new(pem);
        assert!(!key.verifies(RSA_PKCS1_SHA256, &key.pkcs1_block()));
        assert!(!key.verifies(RSA_PSS_SHA256, &key.pss_block::<Sha256>(|_| ())));
    }
}

proptest::proptest! {
    #[test]
    fn any_key_and_any_signature_are_survived(
        modulus in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..520),
        exponent in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..6),
        signature in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..520),
        same_length: bool,
    ) {
        let mut signature = signature;
        if same_length {
            signature.resize(modulus.len(), 0);
        }
        let key = public_key(&modulus, &exponent);
        for algorithm in [RSA_PKCS1_SHA256, RSA_PSS_SHA384] {
            proptest::prop_assert!(algorithm.verify_signature(&key, MESSAGE, &signature).is_err());
        }
    }
}

/// A private key that signs any block, well-formed or not.
struct Key {
    pkcs8: Vec<u8>,
    modulus: BigUint,
    exponent: BigUint,
    private_exponent: BigUint,
}

impl Key {
    fn new(pem: &str) -> Self {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
        let pkcs8 = der.secret_pkcs8_der().to_vec();
        // PrivateKeyInfo: version, algorithm, OCTET STRING with RSAPrivateKey: version, n, e, d, ...
        let (_, info, _) = value(&pkcs8);
        let (_, _, rest) = value(info);
        let (_, _, rest) = value(rest);
        let (_, key, _) = value(rest);
        let (_, key, _) = value(key);
        let (_, _, rest) = value(key);
        let (_, modulus, rest) = value(rest);
        let (_, exponent, rest) = value(rest);
        let (_, private_exponent, _) = value(rest);
        Self {
            modulus: BigUint::from_bytes_be(modulus),
            exponent: BigUint::from_bytes_be(exponent),
            private_exponent: BigUint::from_bytes_be(private_exponent),
            pkcs8: pkcs8.clone(),
        }
    }

    fn length(&self) -> usize {
        self.modulus.to_bytes_be().len()
    }

    fn public(&self) -> Vec<u8> {
        public_key(&self.modulus.to_bytes_be(), &self.exponent.to_bytes_be())
    }

    fn sign(&self, block: &[u8]) -> Vec<u8> {
        let signature = BigUint::from_bytes_be(block)
            .modpow(&self.private_exponent, &self.modulus)
            .to_bytes_be();
        [vec![0; self.length() - signature.len()], signature].concat()
    }

    fn verifies(&self, algorithm: Algorithm, block: &[u8]) -> bool {
        algorithm
            .verify_signature(&self.public(), MESSAGE, &self.sign(block))
            .is_ok()
    }

    fn pkcs1_block(&self) -> Vec<u8> {
        self.pkcs1_block_of(MESSAGE)
    }

    fn pkcs1_block_of(&self, message: &[u8]) -> Vec<u8> {
        let info = [
            0x30, 49, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32,
        ];
        let end = [&[0][..], &info, &Sha256::digest(message)].concat();
        let mut block = vec![0, 1];
        block.resize(self.length() - end.len(), 0xFF);
        block.extend(end);
        block
    }

    fn pss_block<D: Digest>(&self, change: impl Fn(&mut Pss)) -> Vec<u8> {
        let length = <D as Digest>::output_size();
        let mut pss = Pss {
            salt: vec![0x77; length],
            separator: 1,
            padding: 0,
            trailer: 0xBC,
        };
        change(&mut pss);
        let hash = D::new()
            .chain_update([0; 8])
            .chain_update(D::digest(MESSAGE))
            .chain_update(&pss.salt)
            .finalize();
        let bits = usize::try_from(self.modulus.bits()).unwrap() - 1;
        let size = bits.div_ceil(8);
        let mut data = vec![pss.padding; size - length - 1 - pss.salt.len() - 1];
        data.push(pss.separator);
        data.extend_from_slice(&pss.salt);
        let mask = (0_u32..).flat_map(|counter| {
            D::new()
                .chain_update(&hash)
                .chain_update(counter.to_be_bytes())
                .finalize()
        });
        for (byte, mask) in data.iter_mut().zip(mask) {
            *byte ^= mask;
        }
        data[0] &= 0xFF >> (8 * size - bits);
        let mut block = vec![0; self.length() - size];
        block.extend(data);
        block.extend_from_slice(&hash);
        block.push(pss.trailer);
        block
    }
}

/// What may be wrong with a PSS block.
struct Pss {
    salt: Vec<u8>,
    separator: u8,
    padding: u8,
    trailer: u8,
}

fn public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let sign = if bytes.first().is_some_and(|&first| first >= 0x80) {
            &[0][..]
        } else {
            &[]
        };
        tagged(2, &[sign, bytes].concat())
    };
    tagged(0x30, &[integer(modulus), integer(exponent)].concat())
}

fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let header = match length {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&header[..], contents].concat()
}

fn value(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length, at) = match der[1] {
        0x82 => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        0x81 => (usize::from(der[2]), 3),
        short => (usize::from(short), 2),
    };
    (der[0], &der[at..at + length], &der[at + length..])
}
