//! Answers to a ClientHello that are none.

use xobito_embassy::tls::{ProtocolError, TlsError};

use super::{Scenario, World, scenario};
use crate::server::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, FINISHED, Flight, HANDSHAKE, SERVER_HELLO,
};

pub(super) fn wrong_hellos() -> Vec<Scenario> {
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
            flight.plain(ALERT, &[2, 40]);
        }),
        scenario(
            "an alert of an old version",
            TlsError::PeerAlert(70),
            |flight, _| {
                flight.raw(&[ALERT, 3, 1, 0, 2, 2, 70]);
            },
        ),
        scenario("an alert that is too long", unexpected, |flight, _| {
            flight.plain(ALERT, &[2, 40, 0]);
        }),
        scenario("application data at once", unexpected, |flight, _| {
            flight.plain(APPLICATION_DATA, &[0; 64]);
        }),
        scenario("ChangeCipherSpec at once", unexpected, |flight, _| {
            flight.plain(CHANGE_CIPHER_SPEC, &[1]);
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
            flight.plain(HANDSHAKE, &[SERVER_HELLO; 16_384]);
        }),
        scenario("a tiny ServerHello", unexpected, |flight, _| {
            flight.plain(HANDSHAKE, &[SERVER_HELLO, 0, 0, 0]);
        }),
        scenario("a record of an old version", unexpected, |flight, _| {
            let body = flight.server_hello_body();
            let message = flight.message(SERVER_HELLO, &body);
            flight.raw(&[HANDSHAKE, 3, 1, 0, u8::try_from(message.len()).unwrap()]);
            flight.raw(&message);
        }),
    ]
}
