//! Records and messages that do not belong into a handshake.

use rcgen::SigningKey;
use xobito_embassy::tls::ProtocolError;

use super::{Scenario, scenario};
use crate::server::{
    ALERT, APPLICATION_DATA, CERTIFICATE_VERIFY, CHANGE_CIPHER_SPEC, ECDSA_P256_SHA256,
    ENCRYPTED_EXTENSIONS, HANDSHAKE, NEW_SESSION_TICKET, SERVER_HELLO,
};

pub(super) fn wrong_records() -> Vec<Scenario> {
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

pub(super) fn wrong_messages() -> Vec<Scenario> {
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
