//! Certificates and proofs that are missing, out of order or wrong.

use rcgen::SigningKey;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use xobito_embassy::tls::{CertificateError, ProtocolError, TlsError};

use super::{Scenario, scenario};
use crate::pki::Entity;
use crate::server::{APPLICATION_DATA, ECDSA_P256_SHA256, HANDSHAKE};

pub(super) fn missing_proofs() -> Vec<Scenario> {
    vec![
        scenario(
            "no certificate, no proof",
            ProtocolError::CertificateMissing,
            |flight, _| {
                flight.begin();
                flight.finish();
            },
        ),
        scenario(
            "Finished at once",
            ProtocolError::CertificateMissing,
            |flight, _| {
                flight.server_hello();
                flight.finish();
            },
        ),
        scenario(
            "a certificate, no proof",
            ProtocolError::CertificateVerifyMissing,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.finish();
            },
        ),
        scenario(
            "an empty chain",
            ProtocolError::CertificateMissing,
            |flight, _| {
                flight.begin();
                let message = flight.certificate(&[]);
                flight.encrypted(HANDSHAKE, &message);
                flight.finish();
            },
        ),
        scenario(
            "an empty chain and a proof",
            ProtocolError::CertificateMissing,
            |flight, world| {
                flight.begin();
                let message = flight.certificate(&[]);
                flight.encrypted(HANDSHAKE, &message);
                flight.prove(&world.attacker);
                flight.finish();
            },
        ),
        scenario(
            "all in one record without a proof",
            ProtocolError::CertificateVerifyMissing,
            |flight, world| {
                flight.server_hello();
                let mut messages = flight.encrypted_extensions();
                messages.extend(flight.certificate(&[&world.server.der]));
                messages.extend(flight.finished());
                flight.encrypted(HANDSHAKE, &messages);
                flight.derive_session_keys();
            },
        ),
        scenario(
            "the connection ends before Finished",
            TlsError::Truncated,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.prove(&world.server.key);
            },
        ),
        scenario(
            "the connection ends at once",
            TlsError::Truncated,
            |_, _| (),
        ),
        scenario(
            "the connection ends within a record",
            TlsError::Truncated,
            |flight, _| {
                flight.server_hello();
                flight.raw(&[APPLICATION_DATA, 3, 3, 0, 100, 1, 2, 3]);
            },
        ),
    ]
}

pub(super) fn proofs_out_of_order() -> Vec<Scenario> {
    let error = ProtocolError::UnexpectedMessage;
    vec![
        scenario("the proof first", error, |flight, world| {
            flight.begin();
            flight.prove(&world.server.key);
            flight.send_certificate(&world.server);
            flight.finish();
        }),
        scenario("a proof alone", error, |flight, world| {
            flight.begin();
            flight.prove(&world.attacker);
            flight.finish();
        }),
        scenario("the proof twice", error, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.prove(&world.server.key);
            flight.prove(&world.server.key);
            flight.finish();
        }),
        scenario("the certificate twice", error, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_certificate(&world.server);
            flight.prove(&world.server.key);
            flight.finish();
        }),
        scenario(
            "another certificate after the proof",
            error,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.prove(&world.server.key);
                flight.send_certificate(&world.rsa_server);
                flight.finish();
            },
        ),
        scenario(
            "the proof in the record of Finished, after it",
            ProtocolError::UnexpectedMessage,
            |flight, world| {
                flight.begin();
                flight.prove(&world.attacker);
                let mut messages = flight.finished();
                messages.extend(flight.certificate(&[&world.server.der]));
                flight.encrypted(HANDSHAKE, &messages);
                flight.derive_session_keys();
            },
        ),
    ]
}

pub(super) fn wrong_proofs() -> Vec<Scenario> {
    let bad = CertificateError::BadHandshakeSignature;
    let unsupported = CertificateError::UnsupportedAlgorithm;
    vec![
        scenario("a proof by another key", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.prove(&world.attacker);
            flight.finish();
        }),
        scenario("a proof of another handshake", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_proof(ECDSA_P256_SHA256, |content| {
                let mut other = content.to_vec();
                *other.last_mut().unwrap() ^= 1;
                world.server.key.sign(&other).unwrap()
            });
            flight.finish();
        }),
        scenario("a proof made as a client", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_proof(ECDSA_P256_SHA256, |content| {
                let other = [
                    &content[..64],
                    b"TLS 1.3, client CertificateVerify\0",
                    &content[98..],
                ]
                .concat();
                world.server.key.sign(&other).unwrap()
            });
            flight.finish();
        }),
        scenario("an empty signature", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_proof(ECDSA_P256_SHA256, |_| Vec::new());
            flight.finish();
        }),
        scenario("a signature of zeros", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_proof(ECDSA_P256_SHA256, |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0]);
            flight.finish();
        }),
        scenario(
            "a P-256 key under the P-384 scheme",
            unsupported,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.send_proof(0x0503, |content| world.server.key.sign(content).unwrap());
                flight.finish();
            },
        ),
        scenario(
            "a P-256 key under an RSA scheme",
            unsupported,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.send_proof(0x0804, |content| world.server.key.sign(content).unwrap());
                flight.finish();
            },
        ),
        scenario("ECDSA with SHA-1", unsupported, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            flight.send_proof(0x0203, |content| world.server.key.sign(content).unwrap());
            flight.finish();
        }),
        scenario(
            "PKCS#1 v1.5 in the handshake",
            unsupported,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.rsa_server);
                flight.send_proof(0x0401, |content| pkcs1(&world.rsa_server, content));
                flight.finish();
            },
        ),
        scenario("PKCS#1 v1.5 under the PSS scheme", bad, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.rsa_server);
            flight.send_proof(0x0804, |content| pkcs1(&world.rsa_server, content));
            flight.finish();
        }),
        scenario(
            "an unknown scheme",
            ProtocolError::MalformedMessage,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.send_proof(0xFFFF, |content| world.server.key.sign(content).unwrap());
                flight.finish();
            },
        ),
        scenario(
            "a wrong Finished",
            ProtocolError::BadFinished,
            |flight, world| {
                flight.begin();
                flight.send_certificate(&world.server);
                flight.prove(&world.server.key);
                let mut message = flight.finished();
                *message.last_mut().unwrap() ^= 1;
                flight.encrypted(HANDSHAKE, &message);
                flight.derive_session_keys();
            },
        ),
    ]
}

fn pkcs1(entity: &Entity, content: &[u8]) -> Vec<u8> {
    let key = RsaKeyPair::from_pkcs8(&entity.key.serialize_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        content,
        &mut signature,
    )
    .unwrap();
    signature
}
