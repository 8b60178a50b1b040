//! Everything a server, or somebody on the path, can do wrong in a handshake.

use rcgen::{KeyPair, SigningKey};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use xobito_embassy::tls::{CertificateError, ProtocolError, TlsError};

use crate::pki::{self, Entity, HOST};
use crate::server::{
    ALERT, APPLICATION_DATA, CERTIFICATE_VERIFY, CHANGE_CIPHER_SPEC, ECDSA_P256_SHA256,
    ENCRYPTED_EXTENSIONS, FINISHED, Flight, HANDSHAKE, Hostile, NEW_SESSION_TICKET, SERVER_HELLO,
};

/// Who is who.
pub struct World {
    /// Whom the device trusts.
    pub root: Entity,
    /// The host.
    pub server: Entity,
    /// The host with an RSA key.
    pub rsa_server: Entity,
    /// Somebody else.
    pub attacker: KeyPair,
}

impl World {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        let root = Entity::root(pki::authority("root"), pki::p256());
        let server = root.issue(pki::server(HOST), pki::p256());
        let rsa_server = root.issue(pki::server(HOST), pki::rsa(pki::RSA_2048));
        Self {
            root,
            server,
            rsa_server,
            attacker: pki::p256(),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// One thing that is wrong.
pub struct Scenario {
    /// What it is.
    pub name: &'static str,
    /// What a device must say about it.
    pub error: TlsError,
    script: fn(&mut Flight, &World),
}

impl Scenario {
    /// The server that does it.
    pub fn peer<'a>(&'a self, world: &'a World) -> Hostile<'a> {
        Hostile::new(|flight| (self.script)(flight, world))
    }
}

fn scenario(
    name: &'static str,
    error: impl Into<TlsError>,
    script: fn(&mut Flight, &World),
) -> Scenario {
    Scenario {
        name,
        error: error.into(),
        script,
    }
}

/// All of them.
#[must_use]
pub fn scenarios() -> Vec<Scenario> {
    let mut all = missing_proofs();
    all.extend(proofs_out_of_order());
    all.extend(wrong_proofs());
    all.extend(wrong_hellos());
    all.extend(wrong_records());
    all.extend(wrong_messages());
    all
}

impl Flight {
    fn begin(&mut self) {
        self.server_hello();
        let message = self.encrypted_extensions();
        self.encrypted(HANDSHAKE, &message);
    }

    fn send_certificate(&mut self, entity: &Entity) {
        let message = self.certificate(&[&entity.der]);
        self.encrypted(HANDSHAKE, &message);
    }

    fn send_proof(&mut self, scheme: u16, sign: impl FnOnce(&[u8]) -> Vec<u8>) {
        let message = self.certificate_verify(scheme, sign);
        self.encrypted(HANDSHAKE, &message);
    }

    fn prove(&mut self, key: &KeyPair) {
        self.send_proof(ECDSA_P256_SHA256, |content| key.sign(content).unwrap());
    }

    fn finish(&mut self) {
        let message = self.finished();
        self.encrypted(HANDSHAKE, &message);
        self.derive_session_keys();
    }

    /// A handshake with the right certificate, in which something comes between the proof and the end.
    fn interrupted(&mut self, world: &World, interruption: impl FnOnce(&mut Self)) {
        self.begin();
        self.send_certificate(&world.server);
        self.prove(&world.server.key);
        interruption(self);
        self.finish();
    }
}

fn missing_proofs() -> Vec<Scenario> {
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

fn proofs_out_of_order() -> Vec<Scenario> {
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

fn wrong_proofs() -> Vec<Scenario> {
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

fn wrong_hellos() -> Vec<Scenario> {
    fn hello(flight: &mut Flight, world: &World, change: impl FnOnce(&mut Vec<u8>)) {
        let mut body = flight.server_hello_body();
        change(&mut body);
        let message = flight.message(SERVER_HELLO, &body);
        flight.plain(HANDSHAKE, &message);
        flight.derive_handshake_keys();
        flight.send_certificate(&world.server);
        flight.prove(&world.server.key);
        flight.finish();
    }
    let illegal = ProtocolError::IllegalParameters;
    let unexpected = ProtocolError::UnexpectedRecord;
    vec![
        scenario("HTTP instead of TLS", ProtocolError::NotTls, |flight, _| {
            flight.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }),
        scenario("an alert at once", TlsError::PeerAlert(40), |flight, _| {
            flight.plain(ALERT, &[2, 40])
        }),
        scenario(
            "an alert of an old version",
            TlsError::PeerAlert(70),
            |flight, _| {
                flight.raw(&[ALERT, 3, 1, 0, 2, 2, 70]);
            },
        ),
        scenario("an alert that is too long", unexpected, |flight, _| {
            flight.plain(ALERT, &[2, 40, 0])
        }),
        scenario("application data at once", unexpected, |flight, _| {
            flight.plain(APPLICATION_DATA, &[0; 64]);
        }),
        scenario("ChangeCipherSpec at once", unexpected, |flight, _| {
            flight.plain(CHANGE_CIPHER_SPEC, &[1])
        }),
        scenario(
            "HelloRetryRequest",
            ProtocolError::HelloRetryRequest,
            |flight, _| {
                let retry = ring::digest::digest(&ring::digest::SHA256, b"HelloRetryRequest");
                let extensions = [
                    0, 0x13, 0x01, 0, 0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 0x18,
                ];
                let body = [&[3, 3], retry.as_ref(), &extensions].concat();
                let message = flight.message(SERVER_HELLO, &body);
                flight.plain(HANDSHAKE, &message);
            },
        ),
        scenario("TLS 1.2", illegal, |flight, world| {
            hello(flight, world, |body| {
                body.truncate(38);
                body.extend_from_slice(&[0, 0]);
            });
        }),
        scenario("no key share", illegal, |flight, world| {
            hello(flight, world, |body| {
                body.truncate(38);
                body.extend_from_slice(&[0, 6, 0, 43, 0, 2, 3, 4]);
            });
        }),
        scenario(
            "a point that is not on the curve",
            illegal,
            |flight, world| {
                hello(flight, world, |body| *body.last_mut().unwrap() ^= 1);
            },
        ),
        scenario("a point of zeros", illegal, |flight, world| {
            hello(flight, world, |body| {
                let at = body.len() - 65;
                body[at..].fill(0);
            });
        }),
        scenario(
            "a share on another curve",
            ProtocolError::MalformedMessage,
            |flight, world| {
                hello(flight, world, |body| {
                    let at = body.len() - 68;
                    body[at] = 0xFF;
                });
            },
        ),
        scenario("an unknown cipher suite", illegal, |flight, world| {
            hello(flight, world, |body| body[36] = 0x77);
        }),
        scenario(
            "a ServerHello without an end",
            ProtocolError::MalformedMessage,
            |flight, world| {
                hello(flight, world, |body| body.truncate(60));
            },
        ),
        scenario(
            "another message behind ServerHello",
            ProtocolError::UnexpectedMessage,
            |flight, _| {
                let body = flight.server_hello_body();
                let mut messages = flight.message(SERVER_HELLO, &body);
                messages.extend(flight.encrypted_extensions());
                flight.plain(HANDSHAKE, &messages);
            },
        ),
        scenario(
            "another message than ServerHello",
            ProtocolError::UnexpectedMessage,
            |flight, _| {
                let message = flight.message(FINISHED, &[0; 64]);
                flight.plain(HANDSHAKE, &message);
            },
        ),
        scenario(
            "ServerHello in two records",
            ProtocolError::UnexpectedMessage,
            |flight, _| {
                let body = flight.server_hello_body();
                let message = flight.message(SERVER_HELLO, &body);
                let (one, two) = message.split_at(60);
                flight.plain(HANDSHAKE, one);
                flight.plain(HANDSHAKE, two);
            },
        ),
        scenario("a huge ServerHello", unexpected, |flight, _| {
            flight.plain(HANDSHAKE, &[SERVER_HELLO; 16_384])
        }),
        scenario("a tiny ServerHello", unexpected, |flight, _| {
            flight.plain(HANDSHAKE, &[SERVER_HELLO, 0, 0, 0])
        }),
        scenario("a record of an old version", unexpected, |flight, _| {
            let body = flight.server_hello_body();
            let message = flight.message(SERVER_HELLO, &body);
            flight.raw(&[HANDSHAKE, 3, 1, 0, u8::try_from(message.len()).unwrap()]);
            flight.raw(&message);
        }),
    ]
}

fn wrong_records() -> Vec<Scenario> {
    let unexpected = ProtocolError::UnexpectedRecord;
    vec![
        scenario(
            "an encrypted record with nothing in it",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| flight.encrypted_inner(&[]));
            },
        ),
        scenario(
            "nothing in it, before the certificate",
            unexpected,
            |flight, _| {
                flight.begin();
                flight.encrypted_inner(&[]);
            },
        ),
        scenario(
            "an encrypted record of zeros",
            ProtocolError::UnexpectedMessage,
            |flight, world| {
                flight.interrupted(world, |flight| flight.encrypted_inner(&[0; 20]));
            },
        ),
        scenario(
            "an encrypted record without content",
            ProtocolError::UnexpectedMessage,
            |flight, world| {
                flight.interrupted(world, |flight| flight.encrypted(APPLICATION_DATA, &[]));
            },
        ),
        scenario(
            "an unknown inner type",
            ProtocolError::UnexpectedMessage,
            |flight, world| {
                flight.interrupted(world, |flight| flight.encrypted(99, &[1, 2, 3]));
            },
        ),
        scenario(
            "plaintext messages after ServerHello",
            unexpected,
            |flight, world| {
                flight.server_hello();
                for message in [
                    flight.encrypted_extensions(),
                    flight.certificate(&[&world.server.der]),
                    flight.finished(),
                ] {
                    flight.plain(HANDSHAKE, &message);
                }
                flight.derive_session_keys();
            },
        ),
        scenario(
            "a plaintext goodbye after ServerHello",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| flight.plain(ALERT, &[1, 0]));
            },
        ),
        scenario(
            "a plaintext alert after ServerHello",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| flight.plain(ALERT, &[2, 40]));
            },
        ),
        scenario("an unknown record type", unexpected, |flight, world| {
            flight.interrupted(world, |flight| flight.plain(24, &[1, 0, 0]));
        }),
        scenario(
            "the record that asks for keys",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    flight.raw(&[APPLICATION_DATA, 0xFF, 0xFF, 0, 45]);
                    flight.raw(&[APPLICATION_DATA; 45]);
                });
            },
        ),
        scenario(
            "ChangeCipherSpec too often",
            ProtocolError::TooManyRecords,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    for _ in 0..3 {
                        flight.plain(CHANGE_CIPHER_SPEC, &[1]);
                    }
                });
            },
        ),
        scenario(
            "ChangeCipherSpec of another value",
            ProtocolError::MalformedMessage,
            |flight, world| {
                flight.interrupted(world, |flight| flight.plain(CHANGE_CIPHER_SPEC, &[2]));
            },
        ),
        scenario(
            "ChangeCipherSpec of two bytes",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| flight.plain(CHANGE_CIPHER_SPEC, &[1, 1]));
            },
        ),
        scenario(
            "records without end",
            ProtocolError::TooManyRecords,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    for _ in 0..100 {
                        let message = flight.encrypted_extensions();
                        flight.encrypted(HANDSHAKE, &message);
                    }
                });
            },
        ),
        scenario("a record that is too large", unexpected, |flight, world| {
            flight.interrupted(world, |flight| {
                flight.raw(&[APPLICATION_DATA, 3, 3, 0x41, 0x01]);
                flight.raw(&[0; 16_641]);
            });
        }),
        scenario(
            "a damaged record",
            ProtocolError::BadRecord,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    let mut record = flight.seal(&[ENCRYPTED_EXTENSIONS, 0, 0, 2, 0, 0, HANDSHAKE]);
                    record[7] ^= 0x20;
                    flight.raw(&record);
                });
            },
        ),
        scenario(
            "a repeated record",
            ProtocolError::BadRecord,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    let message = flight.encrypted_extensions();
                    let inner = [&message[..], &[HANDSHAKE]].concat();
                    let record = flight.seal(&inner);
                    flight.raw(&record);
                    flight.raw(&record);
                });
            },
        ),
        scenario(
            "a dropped record",
            ProtocolError::BadRecord,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    flight.seal(&[HANDSHAKE]);
                });
            },
        ),
    ]
}

fn wrong_messages() -> Vec<Scenario> {
    let unexpected = ProtocolError::UnexpectedMessage;
    let malformed = ProtocolError::MalformedMessage;
    vec![
        scenario(
            "a certificate split over records",
            malformed,
            |flight, world| {
                flight.begin();
                let message = flight.certificate(&[&world.server.der]);
                let (one, two) = message.split_at(message.len() / 2);
                flight.encrypted(HANDSHAKE, one);
                flight.encrypted(HANDSHAKE, two);
                flight.prove(&world.server.key);
                flight.finish();
            },
        ),
        scenario("a proof split over records", malformed, |flight, world| {
            flight.begin();
            flight.send_certificate(&world.server);
            let message = flight.certificate_verify(ECDSA_P256_SHA256, |content| {
                world.server.key.sign(content).unwrap()
            });
            let (one, two) = message.split_at(20);
            flight.encrypted(HANDSHAKE, one);
            flight.encrypted(HANDSHAKE, two);
            flight.finish();
        }),
        scenario("an unknown message", unexpected, |flight, world| {
            flight.interrupted(world, |flight| {
                let message = flight.message(99, &[0; 4]);
                flight.encrypted(HANDSHAKE, &message);
            });
        }),
        scenario("KeyUpdate in the handshake", unexpected, |flight, world| {
            flight.interrupted(world, |flight| {
                let message = flight.message(24, &[0]);
                flight.encrypted(HANDSHAKE, &message);
            });
        }),
        scenario(
            "a session ticket in the handshake",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| {
                    let message = flight.message(NEW_SESSION_TICKET, &[0; 13]);
                    flight.encrypted(HANDSHAKE, &message);
                });
            },
        ),
        scenario("a second ServerHello", unexpected, |flight, world| {
            flight.interrupted(world, |flight| {
                let body = flight.server_hello_body();
                let message = flight.message(SERVER_HELLO, &body);
                flight.encrypted(HANDSHAKE, &message);
            });
        }),
        scenario(
            "application data in the handshake",
            unexpected,
            |flight, world| {
                flight.interrupted(world, |flight| flight.encrypted(APPLICATION_DATA, b"hello"));
            },
        ),
        scenario("a message that ends too early", malformed, |flight, _| {
            flight.begin();
            let message = flight.message(CERTIFICATE_VERIFY, &[4, 3, 0xFF, 0xFF]);
            flight.encrypted(HANDSHAKE, &message);
        }),
        scenario(
            "a certificate longer than its message",
            malformed,
            |flight, _| {
                flight.begin();
                let message = flight.message(11, &[0, 0, 0, 8, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0]);
                flight.encrypted(HANDSHAKE, &message);
                flight.finish();
            },
        ),
        scenario("an encrypted alert", unexpected, |flight, _| {
            flight.begin();
            flight.encrypted(ALERT, &[2, 40]);
        }),
    ]
}
