//! A socket that ends every wait in time and notes the TLS records that come through it.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Bytes that are taken from one server, at most: far above any handshake and head.
const RECEIVED_MAX: usize = 1 << 20;
const HEADER: usize = 5;
const HANDSHAKE: u8 = 22;
/// From `change_cipher_spec` to `application_data`; anything else is not TLS.
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=23;
const SERVER_HELLO: u8 = 2;
/// The random of a `ServerHello`: behind the message's type, length and version.
const RANDOM: std::ops::Range<usize> = 6..38;
/// RFC 8446, 4.1.3: the random that makes a `ServerHello` a `HelloRetryRequest`.
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

pub(super) struct Tap {
    socket: TcpStream,
    deadline: Instant,
    received: usize,
    records: Records,
}

impl Tap {
    pub(super) fn new(socket: TcpStream, deadline: Instant) -> Self {
        Self {
            socket,
            deadline,
            received: 0,
            records: Records::default(),
        }
    }

    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    /// Waits for `time` from now at most, and never longer than before.
    pub(super) fn shorten(&mut self, time: Duration) {
        self.deadline = self.deadline.min(Instant::now() + time);
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(left)
        }
    }
}

/// A socket's own time-out has the kind of a socket that does not block.
fn in_time(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.received > RECEIVED_MAX {
            return Err(io::Error::other("the server sends without end"));
        }
        self.socket.set_read_timeout(Some(self.left()?))?;
        let len = self.socket.read(buffer).map_err(in_time)?;
        self.received += len;
        self.records.note(buffer.get(..len).unwrap_or_default());
        Ok(len)
    }
}

impl Write for Tap {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.left()?))?;
        self.socket.write(buffer).map_err(in_time)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// What the received records look like from outside.
#[derive(Default)]
pub(super) struct Records {
    header: Vec<u8>,
    /// The bytes of the current record that are still to come.
    left: usize,
    count: usize,
    largest: usize,
    /// The beginning of the first record, the only one that can be read without keys.
    first: Vec<u8>,
    first_kind: u8,
}

impl Records {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The length behind the header.
    pub(super) const fn largest(&self) -> usize {
        self.largest
    }

    /// Whether the server answered the first `ClientHello` with a `HelloRetryRequest`.
    pub(super) fn ask_to_retry(&self) -> bool {
        self.first_kind == HANDSHAKE
            && self.first.first() == Some(&SERVER_HELLO)
            && self.first.get(RANDOM) == Some(&HELLO_RETRY_REQUEST[..])
    }

    fn note(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.left == 0 {
                bytes = rest;
                self.header.push(byte);
                self.note_header();
                continue;
            }
            let (body, rest) = bytes.split_at(self.left.min(bytes.len()));
            if self.count == 1 {
                let room = RANDOM.end.saturating_sub(self.first.len());
                self.first.extend(body.iter().take(room));
            }
            self.left -= body.len();
            bytes = rest;
        }
    }

    fn note_header(&mut self) {
        if let [kind, _, _, high, low] = *self.header {
            self.left = usize::from(u16::from_be_bytes([high, low]));
            self.count += 1;
            if CONTENT_TYPES.contains(&kind) {
                self.largest = self.largest.max(self.left);
            }
            if self.count == 1 {
                self.first_kind = kind;
            }
            self.header.clear();
        }
        debug_assert!(self.header.len() < HEADER);
    }
}
