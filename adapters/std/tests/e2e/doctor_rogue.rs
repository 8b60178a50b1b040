//! What `xobito doctor` finds about servers that the sandbox cannot be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{CertificateParams, DnType, KeyPair, SignatureAlgorithm};
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{cipher_suite, default_provider, kx_group};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::doctor::{check, doctor, failed};

const PLAIN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// What comes back for a `ClientHello`.
type Reply = fn(&[u8]) -> Vec<u8>;

/// A server, ready to be changed before it serves.
struct Rogue {
    provider: CryptoProvider,
    own: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
    /// How often its own certificate is in the chain.
    copies: usize,
    /// What the first connections get instead of a handshake.
    instead: Vec<Reply>,
    /// Sent after the request, again and again if it is said so.
    answer: String,
    endless: bool,
}

impl Rogue {
    fn new() -> Self {
        Self::with(&rcgen::PKCS_ECDSA_P256_SHA256, 90)
    }

    fn with(algorithm: &'static SignatureAlgorithm, days: i64) -> Self {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "the rogue");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "Rogues and Sons");
        let now = std::time::SystemTime::now();
        params.not_before = now.into();
        params.not_after = (now
            + std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400 + 60))
        .into();
        let key = KeyPair::generate_for(algorithm).unwrap();
        let own = params.self_signed(&key).unwrap();
        Self {
            provider: default_provider(),
            own: own.der().clone(),
            pem: own.pem(),
            key,
            copies: 1,
            instead: Vec::new(),
            answer: PLAIN.to_owned(),
            endless: false,
        }
    }

    fn answering(answer: impl Into<String>) -> Self {
        Self {
            answer: answer.into(),
            ..Self::new()
        }
    }

    /// Runs the command against it.
    fn examine(self) -> (i32, Value) {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.own; self.copies], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = format!("localhost:{}", listener.local_addr().unwrap().port());
        // Ends with the test's process.
        thread::spawn(move || {
            let mut instead = self.instead.into_iter();
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                if let Some(reply) = instead.next() {
                    let mut hello = [0; 2048];
                    let len = socket.read(&mut hello).unwrap();
                    socket.write_all(&reply(&hello[..len])).unwrap();
                    continue;
                }
                let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(tls, socket);
                if stream.read(&mut [0; 2048]).is_err() {
                    continue;
                }
                while stream.write_all(self.answer.as_bytes()).is_ok() && self.endless {}
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        let ended = doctor(&host, &self.pem, &["--json"]);
        (ended.code, ended.json())
    }
}

fn found<'a>(json: &'a Value, name: &str) -> &'a str {
    check(json, name)["found"].as_str().unwrap()
}

#[test]
fn the_root_is_named_as_its_certificate_names_it() {
    let (code, json) = Rogue::new().examine();
    // A certificate that is its own root is none for a server.
    assert_eq!((code, failed(&json)), (0, vec![]), "{json}");
    assert_eq!(
        found(&json, "trust"),
        "the root is the rogue, Rogues and Sons (P-256)"
    );
}

#[test]
fn a_key_share_or_a_cipher_that_is_refused_is_named_with_what_was_taken() {
    let mut group = Rogue::new();
    group.provider.kx_groups = vec![kx_group::X25519];
    let (code, json) = group.examine();
    assert_eq!((code, failed(&json)), (1, vec!["key-exchange"]), "{json}");
    assert!(found(&json, "key-exchange").contains("X25519"), "{json}");

    let mut cipher = Rogue::new();
    cipher.provider.cipher_suites = vec![cipher_suite::TLS13_CHACHA20_POLY1305_SHA256];
    let (code, json) = cipher.examine();
    assert_eq!((code, failed(&json)), (1, vec!["cipher"]), "{json}");
    assert!(found(&json, "cipher").contains("CHACHA20"), "{json}");
}

/// A `HelloRetryRequest` that wants a cookie back (RFC 8446, 4.2.2).
fn retry(client_hello: &[u8]) -> Vec<u8> {
    // Behind the headers of record and message, version and random stands the session id.
    let session = &client_hello[43..76];
    let mut hello = vec![3, 3];
    hello.extend([
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8,
        0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8,
        0x33, 0x9C,
    ]);
    hello.extend(session);
    hello.extend([0x13, 0x01, 0]);
    hello.extend([0, 14, 0, 43, 0, 2, 3, 4, 0, 44, 0, 4, 0, 2, 7, 7]);
    let len = u8::try_from(hello.len()).unwrap();
    [&[22, 3, 3, 0, len + 4, 2, 0, 0, len][..], &hello].concat()
}

#[test]
fn a_hello_retry_request_is_recognized() {
    let mut rogue = Rogue::new();
    rogue.instead = vec![retry];
    let (code, json) = rogue.examine();
    assert_eq!((code, failed(&json)), (1, vec!["key-exchange"]), "{json}");
    assert!(found(&json, "key-exchange").contains("HelloRetryRequest"));
}

#[test]
fn records_beyond_what_tls_allows_are_measured() {
    let mut rogue = Rogue::new();
    rogue.instead = vec![|_| [&[22, 3, 3, 0xFF, 0xFE][..], &[0; 65_534]].concat()];
    let (code, json) = rogue.examine();
    assert_eq!(code, 1);
    assert!(failed(&json).contains(&"records"), "{json}");
    assert!(found(&json, "records").contains("65534"), "{json}");
}

#[test]
fn a_server_that_does_not_speak_tls_is_no_connection() {
    let mut rogue = Rogue::new();
    rogue.instead = vec![|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(); 2];
    let (code, json) = rogue.examine();
    assert_eq!((code, failed(&json)), (3, vec!["connection"]), "{json}");
}

#[test]
fn chains_that_are_too_long_and_keys_that_devices_lack_are_told() {
    let mut long = Rogue::new();
    long.copies = 5;
    let (code, json) = long.examine();
    assert_eq!((code, failed(&json)), (1, vec!["chain"]), "{json}");
    assert!(found(&json, "chain").starts_with("5 of at most 4"));

    let (code, json) = Rogue::with(&rcgen::PKCS_ED25519, 90).examine();
    assert_eq!(code, 1);
    assert!(failed(&json).contains(&"keys"), "{json}");
    assert_eq!(found(&json, "keys"), "Ed25519");

    let (code, json) = Rogue::with(&rcgen::PKCS_ECDSA_P384_SHA384, 90).examine();
    assert_eq!((code, found(&json, "keys")), (0, "P-384"), "{json}");
}

#[test]
fn a_certificate_that_ends_soon_is_a_warning() {
    let (code, json) = Rogue::with(&rcgen::PKCS_ECDSA_P256_SHA256, 13).examine();
    assert_eq!((code, failed(&json)), (0, vec![]), "{json}");
    assert!(found(&json, "dates").contains("13 more days"), "{json}");
    assert!(check(&json, "dates")["advice"].is_string());

    let (_, json) = Rogue::with(&rcgen::PKCS_ECDSA_P256_SHA256, 14).examine();
    assert!(check(&json, "dates")["advice"].is_null(), "{json}");
}

#[test]
fn clocks_that_differ_are_a_warning() {
    let dated = |date| format!("HTTP/1.1 200 OK\r\ndate: {date}\r\nContent-Length: 0\r\n\r\n");
    for (date, words) in [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "behind"),
        ("Fri, 01 Jan 9999 00:00:00 GMT", "ahead"),
        ("yesterday", "no readable Date"),
    ] {
        let (code, json) = Rogue::answering(dated(date)).examine();
        assert_eq!((code, failed(&json)), (0, vec![]), "{json}");
        assert!(found(&json, "clock").contains(words), "{json}");
        assert!(check(&json, "clock")["advice"].is_string(), "{json}");
    }
}

#[test]
fn heads_that_devices_do_not_take_are_told() {
    let head = |len: usize| {
        let frame = "HTTP/1.1 200 OK\r\nX: \r\n\r\n".len();
        format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(len - frame))
    };
    let (code, json) = Rogue::answering(head(16_383)).examine();
    assert_eq!((code, failed(&json)), (0, vec![]), "{json}");
    let interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
    for answer in [
        head(16_384),
        head(70_000),
        format!("{}{PLAIN}", interim.repeat(9)),
    ] {
        let (code, json) = Rogue::answering(answer).examine();
        assert_eq!((code, failed(&json)), (1, vec!["head"]), "{json}");
    }
    for endless in [
        "HTTP/1.1 200 OK\r\nX: y\r\n",
        "HTTP/1.",
        interim,
        "\u{1b}[2J",
    ] {
        let mut rogue = Rogue::answering(endless);
        rogue.endless = true;
        let (code, json) = rogue.examine();
        assert_eq!((code, failed(&json)), (1, vec!["head"]), "{json}");
    }
}
