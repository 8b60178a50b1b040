//! The filter under a handshake: which records may pass between the socket and embedded-tls.
//!
//! ```text
//!               one ServerHello record           handshake verified
//!  ServerHello ------------------------> Encrypted ----------------> Handover
//!   handshake, alert                      application data, CCS       nothing from the network
//! ```
//! embedded-tls panics on an encrypted record without content, takes plaintext messages in the middle of an encrypted
//! handshake and believes a plaintext `close_notify`. None of these reaches it: once ServerHello has passed, only
//! application-data records of 17 to 16,640 bytes and one-byte ChangeCipherSpec records do, and only so many.
//!
//! It is also the only place in a handshake where something can wait. So it gives way to other tasks between the long
//! computations, and has the server's signature checked before the client's Finished goes out.

use core::cell::Cell;

use embedded_io::ErrorKind;
use embedded_io_async::{ErrorType, Read, Write};

use super::error::{ProtocolError, TlsError};
use super::proof::Proof;
use super::suite::{HANDOVER_LENGTH, HANDOVER_VERSION};
use crate::wait::give_way;

pub(crate) const HEADER_LENGTH: usize = 5;
/// RFC 8446, 5.2: 2^14 bytes of content and 256 of overhead.
pub(crate) const MAX_RECORD: usize = 16_640;
/// The tag and the content type.
pub(crate) const MIN_ENCRYPTED: usize = 17;
pub(crate) const TAG_LENGTH: usize = 16;

pub(crate) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(crate) const ALERT: u8 = 21;
pub(crate) const HANDSHAKE: u8 = 22;
pub(crate) const APPLICATION_DATA: u8 = 23;
/// What every record but a first ClientHello says (RFC 8446, 5.1).
pub(crate) const LEGACY_VERSION: [u8; 2] = [3, 3];

/// A ServerHello is about 130 bytes long; a session id and unknown extensions leave it far below this.
const MAX_SERVER_HELLO: usize = 1024;
/// A handshake takes up to six encrypted records; servers that split generously stay below this.
const MAX_HANDSHAKE_RECORDS: u8 = 32;
/// RFC 8446, D.4: one, and another one after a HelloRetryRequest.
const MAX_CHANGE_CIPHER_SPECS: u8 = 2;

const SERVER_HELLO: u8 = 2;
/// Where the random stands in a ServerHello record: after type, length and version.
const RANDOM_AT: core::ops::Range<usize> = 6..38;
/// RFC 8446, 4.1.3: the random that makes a ServerHello a HelloRetryRequest.
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// What the filter and its user both look at: embedded-tls owns the filter while it works.
pub(crate) struct RecordState {
    phase: Cell<Phase>,
    violation: Cell<Option<TlsError>>,
    pads: Cell<Pads>,
    sending_key: Cell<Option<[u8; HANDOVER_LENGTH]>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    ServerHello,
    Encrypted,
    Handover,
}

/// One-time pads under which the keys leave embedded-tls.
#[derive(Clone, Copy)]
pub(crate) struct Pads {
    pub(crate) sending: [u8; HANDOVER_LENGTH],
    pub(crate) receiving: [u8; HANDOVER_LENGTH],
}

impl RecordState {
    pub(crate) const fn new() -> Self {
        let empty = [0; HANDOVER_LENGTH];
        Self {
            phase: Cell::new(Phase::ServerHello),
            violation: Cell::new(None),
            pads: Cell::new(Pads {
                sending: empty,
                receiving: empty,
            }),
            sending_key: Cell::new(None),
        }
    }

    /// Why the filter stopped the handshake, if it did.
    pub(crate) const fn violation(&self) -> Option<TlsError> {
        self.violation.get()
    }

    /// From here on nothing goes to or comes from the network.
    pub(crate) fn begin_handover(&self, pads: Pads) {
        self.pads.set(pads);
        self.phase.set(Phase::Handover);
    }

    /// The sending key and IV, once embedded-tls has "sent" them.
    pub(crate) fn take_sending_key(&self) -> Option<[u8; HANDOVER_LENGTH]> {
        self.sending_key.take()
    }

    fn refuse<T>(&self, error: impl Into<TlsError>) -> Result<T, ErrorKind> {
        self.violation.set(Some(error.into()));
        Err(ErrorKind::InvalidData)
    }
}

/// A socket that lets only sane records through, whatever the pieces in which they come.
pub(crate) struct Records<'a, S> {
    socket: &'a mut S,
    state: &'a RecordState,
    proof: &'a Proof,
    /// What embedded-tls's receive buffer holds: the size of a record that is refused should be known.
    capacity: usize,
    header: [u8; HEADER_LENGTH],
    header_received: usize,
    header_passed: usize,
    body_length: usize,
    body_passed: usize,
    /// Whether the record is, so far, a HelloRetryRequest.
    asks_to_retry: bool,
    record_count: u8,
    change_cipher_spec_count: u8,
}

impl<'a, S> Records<'a, S> {
    pub(crate) const fn new(
        socket: &'a mut S,
        state: &'a RecordState,
        proof: &'a Proof,
        capacity: usize,
    ) -> Self {
        Self {
            socket,
            state,
            proof,
            capacity,
            header: [0; HEADER_LENGTH],
            header_received: 0,
            header_passed: 0,
            body_length: 0,
            body_passed: 0,
            asks_to_retry: true,
            record_count: 0,
            change_cipher_spec_count: 0,
        }
    }

    const fn kind(&self) -> u8 {
        let [kind, ..] = self.header;
        kind
    }

    /// Judges a header that has just become whole.
    fn admit(&mut self) -> Result<(), ErrorKind> {
        let [kind, major, minor, high, low] = self.header;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let version = [major, minor];
        let sane = match (self.state.phase.get(), kind) {
            (Phase::ServerHello, HANDSHAKE) => {
                version == LEGACY_VERSION && (RANDOM_AT.end..=MAX_SERVER_HELLO).contains(&length)
            }
            // A server that does not know TLS 1.3 says so in its own version.
            (Phase::ServerHello, ALERT) => major == 3 && length == 2,
            (Phase::Encrypted, APPLICATION_DATA) => {
                version == LEGACY_VERSION && (MIN_ENCRYPTED..=MAX_RECORD).contains(&length)
            }
            (Phase::Encrypted, CHANGE_CIPHER_SPEC) => version == LEGACY_VERSION && length == 1,
            _ => false,
        };
        if !sane {
            let not_tls = self.state.phase.get() == Phase::ServerHello
                && (major != 3 || !(CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(&kind));
            return self.state.refuse(if not_tls {
                ProtocolError::NotTls
            } else {
                ProtocolError::UnexpectedRecord
            });
        }
        if length > self.capacity {
            return self.state.refuse(TlsError::ReceiveBufferTooSmall {
                needed: length,
                capacity: self.capacity,
            });
        }
        let (count, max) = match kind {
            CHANGE_CIPHER_SPEC => (&mut self.change_cipher_spec_count, MAX_CHANGE_CIPHER_SPECS),
            _ => (&mut self.record_count, MAX_HANDSHAKE_RECORDS),
        };
        *count += 1;
        if *count > max {
            return self.state.refuse(ProtocolError::TooManyRecords);
        }
        self.body_length = length;
        self.body_passed = 0;
        Ok(())
    }

    /// What the client says under encryption waits until the server has proved to be the host.
    async fn check_proof(&self) -> Result<(), ErrorKind> {
        if self.proof.verdict().is_ok() {
            return Ok(());
        }
        give_way().await;
        let checked = self.proof.check();
        give_way().await;
        checked.or_else(|error| self.state.refuse(error))
    }

    /// Judges plaintext bodies, piece by piece.
    fn inspect(&mut self, piece: &[u8]) -> Result<(), ErrorKind> {
        match (self.state.phase.get(), self.kind()) {
            (Phase::Encrypted, CHANGE_CIPHER_SPEC) if piece != [1] => {
                self.state.refuse(ProtocolError::MalformedMessage)
            }
            (Phase::ServerHello, HANDSHAKE) => self.inspect_server_hello(piece),
            _ => Ok(()),
        }
    }

    fn inspect_server_hello(&mut self, piece: &[u8]) -> Result<(), ErrorKind> {
        // The record holds this one message and nothing else: its length follows from the record's.
        let [_, _, high, low] = u32::try_from(self.body_length)
            .unwrap_or(0)
            .saturating_sub(4)
            .to_be_bytes();
        for (at, &byte) in (self.body_passed..).zip(piece) {
            let expected = match at {
                0 => Some(SERVER_HELLO),
                1 => Some(0),
                2 => Some(high),
                3 => Some(low),
                _ => None,
            };
            if expected.is_some_and(|expected| expected != byte) {
                return self.state.refuse(ProtocolError::UnexpectedMessage);
            }
            if RANDOM_AT.contains(&at) {
                let retry = HELLO_RETRY_REQUEST.get(at - RANDOM_AT.start);
                self.asks_to_retry &= retry == Some(&byte);
            }
            if at + 1 == RANDOM_AT.end && self.asks_to_retry {
                return self.state.refuse(ProtocolError::HelloRetryRequest);
            }
        }
        Ok(())
    }

    fn end_record(&mut self) {
        if self.state.phase.get() == Phase::ServerHello && self.kind() == HANDSHAKE {
            self.state.phase.set(Phase::Encrypted);
        }
        self.header_received = 0;
        self.header_passed = 0;
        self.body_length = 0;
        self.body_passed = 0;
    }

    /// The record that makes embedded-tls hand the receiving key over.
    fn read_handover(&mut self, out: &mut [u8]) -> usize {
        // The pad, the content type and a tag that nobody looks at.
        const BODY: u8 = 28 + 1 + 16;
        const { assert!(BODY as usize == HANDOVER_LENGTH + 1 + TAG_LENGTH) };
        let [major, minor] = HANDOVER_VERSION;
        let pads = self.state.pads.get();
        let record = [APPLICATION_DATA, major, minor, 0, BODY]
            .into_iter()
            .chain(pads.receiving)
            .chain([APPLICATION_DATA])
            .chain([0; TAG_LENGTH]);
        let mut count = 0;
        for (to, from) in out.iter_mut().zip(record.skip(self.body_passed)) {
            *to = from;
            count += 1;
        }
        self.body_passed += count;
        count
    }
}

impl<S: Read> ErrorType for Records<'_, S> {
    type Error = ErrorKind;
}

impl<S: Read> Read for Records<'_, S> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, ErrorKind> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.state.phase.get() == Phase::Handover {
            return Ok(self.read_handover(out));
        }
        if self.state.phase.get() == Phase::Encrypted && self.header_received == 0 {
            // The secrets were computed just now, or the certificates checked.
            give_way().await;
        }
        while self.header_received < HEADER_LENGTH {
            let missing = self
                .header
                .get_mut(self.header_received..)
                .unwrap_or(&mut []);
            let count = self
                .socket
                .read(missing)
                .await
                .map_err(|error| kind_of(&error))?;
            if count == 0 {
                return Ok(0);
            }
            self.header_received = (self.header_received + count).min(HEADER_LENGTH);
            if self.header_received == HEADER_LENGTH {
                self.admit()?;
            }
        }
        if self.header_passed < HEADER_LENGTH {
            let mut count = 0;
            for (to, from) in out
                .iter_mut()
                .zip(self.header.iter().skip(self.header_passed))
            {
                *to = *from;
                count += 1;
            }
            self.header_passed += count;
            return Ok(count);
        }
        let missing = self
            .body_length
            .saturating_sub(self.body_passed)
            .min(out.len());
        let body = out.get_mut(..missing).unwrap_or(&mut []);
        let count = self
            .socket
            .read(body)
            .await
            .map_err(|error| kind_of(&error))?;
        self.inspect(body.get(..count).unwrap_or(&[]))?;
        self.body_passed += count;
        if self.body_passed == self.body_length {
            self.end_record();
        }
        Ok(count)
    }
}

impl<S: Read + Write> Write for Records<'_, S> {
    async fn write(&mut self, record: &[u8]) -> Result<usize, ErrorKind> {
        if self.state.phase.get() != Phase::Handover {
            // What a socket left over of the ClientHello comes again and may begin like an encrypted record.
            let is_encrypted = self.state.phase.get() == Phase::Encrypted
                && record.first() == Some(&APPLICATION_DATA);
            if is_encrypted {
                self.check_proof().await?;
            }
            return self
                .socket
                .write(record)
                .await
                .map_err(|error| kind_of(&error));
        }
        let key = record
            .get(HEADER_LENGTH..)
            .and_then(|body| body.first_chunk::<HANDOVER_LENGTH>());
        if let Some(key) = key {
            self.state.sending_key.set(Some(*key));
        }
        Ok(record.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        if self.state.phase.get() == Phase::Handover {
            return Ok(());
        }
        self.socket.flush().await.map_err(|error| kind_of(&error))
    }
}

fn kind_of(error: &impl embedded_io::Error) -> ErrorKind {
    error.kind()
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
