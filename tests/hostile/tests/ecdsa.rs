//! ECDSA signatures made by *ring* on both curves, and what is none.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PublicKeyData, SigningKey};
use rustls_pki_types::SignatureVerificationAlgorithm;
use xobito_embassy::tls::algorithms::{
    ALL, ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384,
    ECDSA_P384_SHA512,
};

const MESSAGE: &[u8] = b"what is signed";

#[test]
fn what_ring_signs_is_accepted_and_nothing_near_it() {
    let cases: [(KeyPair, &dyn SignatureVerificationAlgorithm); 2] = [
        (
            KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
            ECDSA_P256_SHA256,
        ),
        (
            KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap(),
            ECDSA_P384_SHA384,
        ),
    ];
    for (key, algorithm) in cases {
        let public = key.der_bytes();
        let signature = key.sign(MESSAGE).unwrap();
        let accepts = |public: &[u8], message: &[u8], signature: &[u8]| {
            algorithm
                .verify_signature(public, message, signature)
                .is_ok()
        };
        assert!(accepts(public, MESSAGE, &signature));
        assert!(!accepts(public, b"something else", &signature));
        for at in 0..signature.len() {
            let mut damaged = signature.clone();
            damaged[at] ^= 1;
            assert!(!accepts(public, MESSAGE, &damaged), "octet {at}");
        }
        let longer = [&signature[..], &[0]].concat();
        for wrong in [
            &[][..],
            &signature[1..],
            &signature[..signature.len() - 1],
            &longer,
        ] {
            assert!(!accepts(public, MESSAGE, wrong));
        }
        let mut compressed = public[..=public.len() / 2].to_vec();
        compressed[0] = 2 + (public[public.len() - 1] & 1);
        let zeros = vec![4; public.len()];
        for wrong in [
            &[][..],
            &[0],
            &public[1..],
            &public[..public.len() - 1],
            &compressed,
            &zeros,
        ] {
            assert!(!accepts(wrong, MESSAGE, &signature));
        }
        for other in ALL {
            let expected = same(*other, algorithm);
            assert_eq!(
                other.verify_signature(public, MESSAGE, &signature).is_ok(),
                expected,
                "{other:?}"
            );
        }
    }
}

/// Signatures by `openssl dgst`, whose curves and hashes combine freely; *ring*'s do not.
#[test]
fn curves_and_hashes_combine() {
    let vectors: [(&dyn SignatureVerificationAlgorithm, &str, &str); 3] = [
        (
            ECDSA_P256_SHA384,
            include_str!("../data/p256-sha384.key.hex"),
            include_str!("../data/p256-sha384.sig.hex"),
        ),
        (
            ECDSA_P384_SHA256,
            include_str!("../data/p384-sha256.key.hex"),
            include_str!("../data/p384-sha256.sig.hex"),
        ),
        (
            ECDSA_P384_SHA512,
            include_str!("../data/p384-sha512.key.hex"),
            include_str!("../data/p384-sha512.sig.hex"),
        ),
    ];
    for (algorithm, key, signature) in vectors {
        let (key, signature) = (hex(key), hex(signature));
        assert!(
            algorithm
                .verify_signature(&key, MESSAGE, &signature)
                .is_ok(),
            "{algorithm:?}"
        );
        assert!(
            algorithm
                .verify_signature(&key, b"another", &signature)
                .is_err()
        );
        for other in ALL.iter().filter(|other| !same(**other, algorithm)) {
            assert!(
                other.verify_signature(&key, MESSAGE, &signature).is_err(),
                "{other:?}"
            );
        }
    }
}

fn same(
    one: &dyn SignatureVerificationAlgorithm,
    other: &dyn SignatureVerificationAlgorithm,
) -> bool {
    one.public_key_alg_id() == other.public_key_alg_id()
        && one.signature_alg_id() == other.signature_alg_id()
}

fn hex(text: &str) -> Vec<u8> {
    let text = text.trim().as_bytes();
    text.chunks(2)
        .map(|digits| u8::from_str_radix(core::str::from_utf8(digits).unwrap(), 16).unwrap())
        .collect()
}
