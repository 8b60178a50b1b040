//! What happens to an open session when somebody on the path, or the server itself, misbehaves.
//!
//! The token has rightly arrived by then; what counts is that no answer is believed that is not the host's, that an
//! end is only taken for one if the host said so, and that nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fmt::Write as _;

use xobito_embassy::tls::{ProtocolError, TlsError};
use xobito_hostile_tests::device::{ANSWER, attempt};
use xobito_hostile_tests::scenarios::World;
use xobito_hostile_tests::server::{
    ALERT, APPLICATION_DATA, CERTIFICATE, CERTIFICATE_VERIFY, CHANGE_CIPHER_SPEC,
    ENCRYPTED_EXTENSIONS, FINISHED, Flight, HANDSHAKE, Hostile, NEW_SESSION_TICKET, SERVER_HELLO,
};

struct Case {
    name: &'static str,
    expected: Result<&'static [u8], TlsError>,
    answer: fn(&mut Flight),
}

fn refused(name: &'static str, error: impl Into<TlsError>, answer: fn(&mut Flight)) -> Case {
    Case {
        name,
        expected: Err(error.into()),
        answer,
    }
}

fn fine(name: &'static str, expected: &'static [u8], answer: fn(&mut Flight)) -> Case {
    Case {
        name,
        expected: Ok(expected),
        answer,
    }
}

fn ticket(length: usize) -> Vec<u8> {
    let body = [
        &[0, 0, 1, 0, 0, 0, 0, 0, 0][..],
        &u16::try_from(length).unwrap().to_be_bytes(),
        &vec![7; length],
        &[0, 0],
    ]
    .concat();
    let size = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[NEW_SESSION_TICKET], &size[1..], &body].concat()
}

#[allow(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let unexpected = ProtocolError::UnexpectedRecord;
    let message = ProtocolError::UnexpectedMessage;
    let malformed = ProtocolError::MalformedMessage;
    vec![
        fine("an answer in one record", ANSWER, |flight| {
            flight.encrypted(APPLICATION_DATA, ANSWER);
        }),
        fine("an answer byte by byte", ANSWER, |flight| {
            for byte in ANSWER {
                flight.encrypted(APPLICATION_DATA, &[*byte]);
            }
        }),
        fine("padding and empty records", ANSWER, |flight| {
            flight.encrypted(APPLICATION_DATA, &[]);
            let padded = [ANSWER, &[APPLICATION_DATA], &[0; 300]].concat();
            flight.encrypted_inner(&padded);
        }),
        fine("the largest record", &[b'x'; 16_384], |flight| {
            flight.encrypted(APPLICATION_DATA, &[b'x'; 16_384]);
            flight.encrypted(ALERT, &[1, 0]);
        }),
        fine("session tickets, alone and together", ANSWER, |flight| {
            flight.encrypted(HANDSHAKE, &ticket(64));
            let two = [ticket(1), ticket(1000)].concat();
            flight.encrypted(HANDSHAKE, &two);
            flight.encrypted(APPLICATION_DATA, ANSWER);
        }),
        fine("the host's goodbye", b"HTTP", |flight| {
            flight.encrypted(APPLICATION_DATA, b"HTTP");
            flight.encrypted(ALERT, &[1, 0]);
        }),
        refused("a plaintext goodbye", unexpected, |flight| {
            flight.encrypted(APPLICATION_DATA, b"HTTP");
            flight.plain(ALERT, &[1, 0]);
        }),
        refused("a plaintext alert", unexpected, |flight| {
            flight.plain(ALERT, &[2, 40]);
        }),
        refused("a plaintext answer", ProtocolError::BadRecord, |flight| {
            flight.plain(APPLICATION_DATA, ANSWER);
        }),
        refused("a plaintext handshake message", unexpected, |flight| {
            flight.plain(HANDSHAKE, &[SERVER_HELLO, 0, 0, 1, 0]);
        }),
        refused("ChangeCipherSpec", unexpected, |flight| {
            flight.plain(CHANGE_CIPHER_SPEC, &[1]);
        }),
        refused("the record that asks for keys", unexpected, |flight| {
            flight.raw(&[APPLICATION_DATA, 0xFF, 0xFF, 0, 45]);
            flight.raw(&[APPLICATION_DATA; 45]);
        }),
        refused("a cut connection", TlsError::Truncated, |flight| {
            flight.encrypted(APPLICATION_DATA, b"HTTP");
        }),
        refused(
            "a connection cut within a record",
            TlsError::Truncated,
            |flight| {
                let mut record = flight.seal(&[ANSWER, &[APPLICATION_DATA]].concat());
                record.pop();
                flight.raw(&record);
            },
        ),
        refused("a dropped record", ProtocolError::BadRecord, |flight| {
            flight.seal(&[ANSWER, &[APPLICATION_DATA]].concat());
            flight.encrypted(APPLICATION_DATA, ANSWER);
        }),
        refused("a repeated record", ProtocolError::BadRecord, |flight| {
            let record = flight.seal(&[b'H', APPLICATION_DATA]);
            flight.raw(&record);
            flight.raw(&record);
        }),
        refused("exchanged records", ProtocolError::BadRecord, |flight| {
            let first = flight.seal(&[b'H', APPLICATION_DATA]);
            flight.encrypted(APPLICATION_DATA, ANSWER);
            flight.raw(&first);
        }),
        refused("a damaged record", ProtocolError::BadRecord, |flight| {
            let mut record = flight.seal(&[ANSWER, &[APPLICATION_DATA]].concat());
            record[9] ^= 4;
            flight.raw(&record);
        }),
        refused(
            "a record with a damaged tag",
            ProtocolError::BadRecord,
            |flight| {
                let mut record = flight.seal(&[ANSWER, &[APPLICATION_DATA]].concat());
                *record.last_mut().unwrap() ^= 4;
                flight.raw(&record);
            },
        ),
        refused(
            "an encrypted record that calls itself an alert",
            unexpected,
            |flight| {
                let mut record = flight.seal(&[ANSWER, &[APPLICATION_DATA]].concat());
                record[0] = ALERT;
                flight.raw(&record);
            },
        ),
        refused("a record of 16,641 bytes", unexpected, |flight| {
            flight.raw(&[APPLICATION_DATA, 3, 3, 0x41, 1]);
            flight.raw(&[0; 16_641]);
        }),
        refused("nothing inside", unexpected, |flight| {
            flight.encrypted_inner(&[]);
        }),
        refused("zeros inside", message, |flight| {
            flight.encrypted_inner(&[0; 9]);
        }),
        refused("an unknown type inside", message, |flight| {
            flight.encrypted(77, &[1]);
        }),
        refused("an alert of one byte", malformed, |flight| {
            flight.encrypted(ALERT, &[1]);
        }),
        refused("a fatal alert", TlsError::PeerAlert(80), |flight| {
            flight.encrypted(ALERT, &[2, 80]);
        }),
        refused("a change of keys", ProtocolError::KeyUpdate, |flight| {
            flight.encrypted(HANDSHAKE, &[24, 0, 0, 1, 0]);
        }),
        // embedded-tls panics on each of the next five.
        refused("a second Finished", message, |flight| {
            flight.encrypted(HANDSHAKE, &[FINISHED, 0, 0, 1, 0]);
        }),
        refused("a second ServerHello", message, |flight| {
            flight.encrypted(HANDSHAKE, &[SERVER_HELLO, 0, 0, 1, 0]);
        }),
        refused("a second certificate", message, |flight| {
            flight.encrypted(HANDSHAKE, &[CERTIFICATE, 0, 0, 1, 0]);
        }),
        refused("a second proof", message, |flight| {
            flight.encrypted(HANDSHAKE, &[CERTIFICATE_VERIFY, 0, 0, 1, 0]);
        }),
        refused("extensions once more", message, |flight| {
            flight.encrypted(HANDSHAKE, &[ENCRYPTED_EXTENSIONS, 0, 0, 2, 0, 0]);
        }),
        refused(
            "a request for a certificate behind a ticket",
            message,
            |flight| {
                let messages = [&ticket(5)[..], &[13, 0, 0, 3, 0, 0, 0]].concat();
                flight.encrypted(HANDSHAKE, &messages);
            },
        ),
        refused("half a ticket", malformed, |flight| {
            let ticket = ticket(64);
            flight.encrypted(HANDSHAKE, &ticket[..20]);
        }),
        refused("a message without a length", malformed, |flight| {
            flight.encrypted(HANDSHAKE, &[NEW_SESSION_TICKET]);
        }),
        refused(
            "a handshake record without a message",
            malformed,
            |flight| flight.encrypted(HANDSHAKE, &[]),
        ),
        refused(
            "tickets without end",
            ProtocolError::TooManyRecords,
            |flight| {
                for _ in 0..100 {
                    flight.encrypted(HANDSHAKE, &ticket(4));
                }
            },
        ),
        refused(
            "empty records without end",
            ProtocolError::TooManyRecords,
            |flight| {
                for _ in 0..100 {
                    flight.encrypted(APPLICATION_DATA, &[]);
                }
            },
        ),
    ]
}

#[test]
fn tampering_with_an_answer_is_found_and_named() {
    let world = World::new();
    let mut wrong = String::new();
    let cases = cases();
    for case in &cases {
        for piece in [1, 10, 20_000] {
            let peer =
                Hostile::new(|flight| flight.handshake(&[&world.server.der], &world.server.key))
                    .on_request(case.answer);
            let attempt = attempt(peer, &world.root.der, piece);
            // The device reads no more than it expects; what it has must be the beginning of the right answer.
            let right = match (&attempt.result, case.expected) {
                (Some(Ok(answer)), Ok(expected)) => {
                    !answer.is_empty() && expected.starts_with(answer)
                }
                (Some(Err(error)), Err(expected)) => *error == expected,
                _ => false,
            };
            if !right || !attempt.opened {
                writeln!(
                    wrong,
                    "{} ({piece}): {attempt:?} instead of {:?}",
                    case.name, case.expected
                )
                .unwrap();
            }
        }
    }
    eprintln!("{} answers", cases.len());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_session_begins_with_whatever_the_server_sends_early() {
    let world = World::new();
    // Tickets and even data may come before the device's Finished has arrived.
    let peer = Hostile::new(|flight| {
        flight.handshake(&[&world.server.der], &world.server.key);
        flight.encrypted(HANDSHAKE, &ticket(32));
        flight.encrypted(APPLICATION_DATA, &ANSWER[..4]);
    })
    .on_request(|flight| flight.encrypted(APPLICATION_DATA, &ANSWER[4..]));
    assert_eq!(
        attempt(peer, &world.root.der, 5).result.unwrap().unwrap(),
        ANSWER
    );
}
