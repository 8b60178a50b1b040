//! A TLS 1.3 server that says whatever a script tells it to.

use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use p256::ecdh::EphemeralSecret;
use p256::{EncodedPoint, PublicKey};
use rand_core::OsRng;
use rcgen::{KeyPair, SigningKey};
use sha2::{Digest, Sha256};

use crate::device::ANSWER;
use crate::pipe::{Peer, contains};

/// Record types.
pub const CHANGE_CIPHER_SPEC: u8 = 20;
/// Record types.
pub const ALERT: u8 = 21;
/// Record types.
pub const HANDSHAKE: u8 = 22;
/// Record types.
pub const APPLICATION_DATA: u8 = 23;

/// Handshake messages.
pub const SERVER_HELLO: u8 = 2;
/// Handshake messages.
pub const NEW_SESSION_TICKET: u8 = 4;
/// Handshake messages.
pub const ENCRYPTED_EXTENSIONS: u8 = 8;
/// Handshake messages.
pub const CERTIFICATE: u8 = 11;
/// Handshake messages.
pub const CERTIFICATE_VERIFY: u8 = 15;
/// Handshake messages.
pub const FINISHED: u8 = 20;

/// What the server does when something arrives.
pub type Step<'a> = Box<dyn FnMut(&mut Flight) + 'a>;

/// The server.
pub struct Hostile<'a> {
    flight: Flight,
    inbound: Vec<u8>,
    seen: Vec<u8>,
    said_hello: bool,
    on_hello: Step<'a>,
    on_finished: Step<'a>,
    on_request: Step<'a>,
}

impl<'a> Hostile<'a> {
    /// A server that answers a ClientHello by a script, and is well-behaved afterwards.
    pub fn new(on_hello: impl FnMut(&mut Flight) + 'a) -> Self {
        Self {
            flight: Flight::new(),
            inbound: Vec::new(),
            seen: Vec::new(),
            said_hello: false,
            on_hello: Box::new(on_hello),
            on_finished: Box::new(|_| ()),
            on_request: Box::new(|flight| flight.encrypted(APPLICATION_DATA, ANSWER)),
        }
    }

    /// What it does when the device has finished the handshake.
    #[must_use]
    pub fn on_finished(mut self, step: impl FnMut(&mut Flight) + 'a) -> Self {
        self.on_finished = Box::new(step);
        self
    }

    /// What it does when a request arrives.
    #[must_use]
    pub fn on_request(mut self, step: impl FnMut(&mut Flight) + 'a) -> Self {
        self.on_request = Box::new(step);
        self
    }

    fn take_record(&mut self) -> Option<(u8, Vec<u8>)> {
        let [kind, _, _, high, low] = *self.inbound.first_chunk()?;
        let end = 5 + usize::from(u16::from_be_bytes([high, low]));
        if self.inbound.len() < end {
            return None;
        }
        let record: Vec<u8> = self.inbound.drain(..end).collect();
        Some((kind, record))
    }
}

impl Peer for Hostile<'_> {
    fn exchange(&mut self, from_device: &[u8]) -> Vec<u8> {
        self.inbound.extend_from_slice(from_device);
        while let Some((kind, record)) = self.take_record() {
            if kind == HANDSHAKE && !self.said_hello {
                self.said_hello = true;
                self.flight.take_client_hello(&record[5..]);
                (self.on_hello)(&mut self.flight);
            } else if let Some(mut content) = self.flight.decrypt(&record) {
                let inner = content.pop();
                self.seen.extend_from_slice(&content);
                match inner {
                    Some(HANDSHAKE) => (self.on_finished)(&mut self.flight),
                    Some(APPLICATION_DATA) if self.seen.ends_with(b"\r\n\r\n") => {
                        (self.on_request)(&mut self.flight);
                    }
                    _ => (),
                }
            }
        }
        core::mem::take(&mut self.flight.out)
    }

    fn saw(&self, token: &[u8]) -> bool {
        contains(&self.seen, token) || contains(&self.inbound, token)
    }
}

/// What the server has to say, with the keys to say it.
pub struct Flight {
    out: Vec<u8>,
    transcript: Sha256,
    share: Option<EphemeralSecret>,
    peer_share: Vec<u8>,
    secret: [u8; 32],
    server_handshake: [u8; 32],
    sending: Option<Keys>,
    receiving: Vec<Keys>,
}

impl Flight {
    fn new() -> Self {
        Self {
            out: Vec::new(),
            transcript: Sha256::new(),
            share: Some(EphemeralSecret::random(&mut OsRng)),
            peer_share: Vec::new(),
            secret: [0; 32],
            server_handshake: [0; 32],
            sending: None,
            receiving: Vec::new(),
        }
    }

    fn take_client_hello(&mut self, message: &[u8]) {
        self.transcript.update(message);
        // The one place where an uncompressed P-256 point stands: group, length, point.
        let at = message
            .windows(5)
            .position(|window| window == [0, 0x17, 0, 65, 4])
            .expect("a key share");
        self.peer_share = message[at + 4..at + 69].to_vec();
    }

    /// Sends these bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Sends a record in clear.
    pub fn plain(&mut self, kind: u8, content: &[u8]) {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        self.raw(&[kind, 3, 3, length[0], length[1]]);
        self.raw(content);
    }

    /// Sends an encrypted record.
    pub fn encrypted(&mut self, kind: u8, content: &[u8]) {
        let mut inner = content.to_vec();
        inner.push(kind);
        self.encrypted_inner(&inner);
    }

    /// Sends an encrypted record with any inside, even none.
    pub fn encrypted_inner(&mut self, inner: &[u8]) {
        let record = self.seal(inner);
        self.raw(&record);
    }

    /// Makes an encrypted record without sending it.
    pub fn seal(&mut self, inner: &[u8]) -> Vec<u8> {
        let length = u16::try_from(inner.len() + 16).unwrap().to_be_bytes();
        let header = [APPLICATION_DATA, 3, 3, length[0], length[1]];
        let keys = self.sending.as_mut().expect("ServerHello comes first");
        let nonce = keys.nonce(keys.number);
        keys.number += 1;
        let mut body = inner.to_vec();
        let tag = keys
            .cipher()
            .encrypt_in_place_detached(&nonce, &header, &mut body)
            .unwrap();
        [&header[..], &body, &tag].concat()
    }

    fn decrypt(&mut self, record: &[u8]) -> Option<Vec<u8>> {
        let (header, body) = record.split_at(5);
        let (content, tag) = body.split_at(body.len().checked_sub(16)?);
        // Whatever key and whatever number: what can be read counts as read.
        self.receiving.iter().rev().find_map(|keys| {
            (0..8).find_map(|number| {
                let mut content = content.to_vec();
                keys.cipher()
                    .decrypt_in_place_detached(
                        &keys.nonce(number),
                        header,
                        &mut content,
                        tag.into(),
                    )
                    .ok()
                    .map(|()| content)
            })
        })
    }

    /// Frames a handshake message and adds it to the transcript.
    pub fn message(&mut self, kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let message = [&[kind], &length[1..], body].concat();
        self.transcript.update(&message);
        message
    }

    /// Sends the usual ServerHello and derives the handshake's keys.
    pub fn server_hello(&mut self) {
        let body = self.server_hello_body();
        let message = self.message(SERVER_HELLO, &body);
        self.plain(HANDSHAKE, &message);
        self.derive_handshake_keys();
    }

    /// The usual ServerHello.
    #[must_use]
    pub fn server_hello_body(&self) -> Vec<u8> {
        let point = EncodedPoint::from(self.share.as_ref().unwrap().public_key());
        [
            &[3, 3][..],
            &[0x5A; 32],
            // No session id, AES-128-GCM with SHA-256, no compression.
            &[0, 0x13, 0x01, 0],
            // Extensions: TLS 1.3 and a P-256 key share.
            &[0, 79, 0, 43, 0, 2, 3, 4, 0, 51, 0, 69, 0, 0x17, 0, 65],
            point.as_bytes(),
        ]
        .concat()
    }

    /// Derives the handshake's keys from the messages so far.
    pub fn derive_handshake_keys(&mut self) {
        let peer = PublicKey::from_sec1_bytes(&self.peer_share).unwrap();
        let shared = self.share.as_ref().unwrap().diffie_hellman(&peer);
        let (early, _) = Hkdf::<Sha256>::extract(None, &[0; 32]);
        let derived = derive(&early.into(), "derived", &Sha256::digest([]));
        let (secret, _) = Hkdf::<Sha256>::extract(Some(&derived), shared.raw_secret_bytes());
        self.secret = secret.into();
        let transcript = self.transcript.clone().finalize();
        self.server_handshake = derive(&self.secret, "s hs traffic", &transcript);
        self.sending = Some(Keys::of(&self.server_handshake));
        self.receiving
            .push(Keys::of(&derive(&self.secret, "c hs traffic", &transcript)));
    }

    /// The usual EncryptedExtensions message.
    pub fn encrypted_extensions(&mut self) -> Vec<u8> {
        self.message(ENCRYPTED_EXTENSIONS, &[0, 0])
    }

    /// A Certificate message.
    pub fn certificate(&mut self, chain: &[&[u8]]) -> Vec<u8> {
        let mut entries = Vec::new();
        for der in chain {
            entries.extend_from_slice(&u32::try_from(der.len()).unwrap().to_be_bytes()[1..]);
            entries.extend_from_slice(der);
            entries.extend_from_slice(&[0, 0]);
        }
        let length = u32::try_from(entries.len()).unwrap().to_be_bytes();
        let body = [&[0], &length[1..], &entries].concat();
        self.message(CERTIFICATE, &body)
    }

    /// A CertificateVerify message, signed by any key under any scheme's number.
    pub fn certificate_verify(
        &mut self,
        scheme: u16,
        sign: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let content = [
            &[0x20; 64][..],
            b"TLS 1.3, server CertificateVerify\0",
            &self.transcript.clone().finalize(),
        ]
        .concat();
        let signature = sign(&content);
        let length = u16::try_from(signature.len()).unwrap().to_be_bytes();
        let body = [&scheme.to_be_bytes()[..], &length, &signature].concat();
        self.message(CERTIFICATE_VERIFY, &body)
    }

    /// A Finished message; it is right for the messages so far.
    pub fn finished(&mut self) -> Vec<u8> {
        let mut key = [0; 32];
        expand(&self.server_handshake, "finished", &[], &mut key);
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key).unwrap();
        mac.update(&self.transcript.clone().finalize());
        self.message(FINISHED, &mac.finalize().into_bytes())
    }

    /// Goes over to the session's keys, which follow from the messages so far.
    pub fn derive_session_keys(&mut self) {
        let derived = derive(&self.secret, "derived", &Sha256::digest([]));
        let (master, _) = Hkdf::<Sha256>::extract(Some(&derived), &[0; 32]);
        let transcript = self.transcript.clone().finalize();
        self.sending = Some(Keys::of(&derive(
            &master.into(),
            "s ap traffic",
            &transcript,
        )));
        self.receiving.push(Keys::of(&derive(
            &master.into(),
            "c ap traffic",
            &transcript,
        )));
    }

    /// As [`handshake`](Self::handshake), with one message to a record and any kind of key.
    pub fn handshake_with(&mut self, chain: &[&[u8]], key: &KeyPair) {
        self.server_hello();
        let message = self.encrypted_extensions();
        self.encrypted(HANDSHAKE, &message);
        let message = self.certificate(chain);
        self.encrypted(HANDSHAKE, &message);
        let message =
            self.certificate_verify(ECDSA_P256_SHA256, |content| key.sign(content).unwrap());
        self.encrypted(HANDSHAKE, &message);
        let message = self.finished();
        self.encrypted(HANDSHAKE, &message);
        self.derive_session_keys();
    }

    /// A whole handshake with these certificates, as it should be.
    pub fn handshake(&mut self, chain: &[&[u8]], key: &KeyPair) {
        self.server_hello();
        let mut messages = self.encrypted_extensions();
        messages.extend(self.certificate(chain));
        messages.extend(
            self.certificate_verify(ECDSA_P256_SHA256, |content| key.sign(content).unwrap()),
        );
        messages.extend(self.finished());
        self.encrypted(HANDSHAKE, &messages);
        self.derive_session_keys();
    }
}

/// The signature scheme's number.
pub const ECDSA_P256_SHA256: u16 = 0x0403;

struct Keys {
    key: [u8; 16],
    iv: [u8; 12],
    number: u64,
}

impl Keys {
    fn of(secret: &[u8; 32]) -> Self {
        let (mut key, mut iv) = ([0; 16], [0; 12]);
        expand(secret, "key", &[], &mut key);
        expand(secret, "iv", &[], &mut iv);
        Self { key, iv, number: 0 }
    }

    fn cipher(&self) -> Aes128Gcm {
        Aes128Gcm::new(&self.key.into())
    }

    fn nonce(&self, number: u64) -> Nonce<aes_gcm::aead::consts::U12> {
        let mut nonce = self.iv;
        for (byte, number) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= number;
        }
        nonce.into()
    }
}

fn derive(secret: &[u8; 32], label: &str, context: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    expand(secret, label, context, &mut out);
    out
}

/// RFC 8446, 7.1: HKDF-Expand-Label.
fn expand(secret: &[u8; 32], label: &str, context: &[u8], out: &mut [u8]) {
    let label = format!("tls13 {label}");
    let info = [
        &u16::try_from(out.len()).unwrap().to_be_bytes()[..],
        &[u8::try_from(label.len()).unwrap()],
        label.as_bytes(),
        &[u8::try_from(context.len()).unwrap()],
        context,
    ]
    .concat();
    Hkdf::<Sha256>::from_prk(secret)
        .unwrap()
        .expand(&info, out)
        .unwrap();
}
