//! TLS 1.3 with a server that has proved to be the host, over any socket.
//!
//! [`Tls`] is the trait behind which TLS sits; [`EmbeddedTls`] implements it. The socket stays the caller's and is
//! passed to each call, so that one endpoint can open one session after the other:
//!
//! ```text
//!          open: handshake, certificate, proof
//!  idle -----------------------------------------> open: write, flush, read
//!   ^                                                |
//!   +---- close, abandon, goodbye, any error --------+
//! ```
//!
//! # What is checked before the first byte of a request can be written
//! - the certificate: path to a trust anchor, host name, dates, CA flags, path lengths, key usage, extended key
//!   usage, name constraints, critical extensions; at most [`MAX_CERTIFICATES`] of them;
//! - the trust anchor's own dates, where it was given as a certificate;
//! - the server's signature over this very handshake, made with the certificate's key.
//!
//! # Buffers
//! Both are the caller's. The receive buffer must hold the largest record that the server sends, of which 16,640
//! bytes are enough for any ([`RECEIVE_BUFFER`]) and less is a bet on the server: its certificates come in one record. The
//! send buffer holds the first message and later one record; [`SEND_BUFFER`] is enough for any host name, more only
//! saves records.

pub mod algorithms;
mod anchors;
mod clock;
mod der;
mod embedded;
mod error;
mod handshake;
mod path;
mod profile;
mod proof;
mod randomness;
mod records;
mod session;
mod stream;
mod suite;
#[cfg(test)]
mod test_support;
mod verifier;
mod x509;

pub use anchors::{AnchorError, RootCertificates, TrustAnchors};
pub use clock::{Clock, FixedTime, WithoutTime};
pub use embedded::{EmbeddedTls, RECEIVE_BUFFER, SEND_BUFFER};
pub use error::{CertificateError, ProtocolError, TlsError};
pub use path::{MAX_CERTIFICATES, check_certificates};
pub use stream::TlsStream;

use embedded_io_async::{Read, Write};

/// One TLS session at a time, over a socket that is passed to each call.
///
/// Always pass the socket that the session was opened with. Implementations must let no byte of
/// [`write`](Self::write) out before [`open`](Self::open) has verified the server.
#[allow(
    async_fn_in_trait,
    reason = "executors on microcontrollers are single-threaded; nothing needs Send"
)]
pub trait Tls {
    /// Opens a session with `host`, a DNS name or an IP address; a session that was open is forgotten.
    ///
    /// # Errors
    /// Any [`TlsError`] but [`TlsError::NotOpen`]. The socket is of no use afterwards: close it.
    ///
    /// # Cancellation safety
    /// A dropped future leaves no session. The socket is of no use afterwards.
    async fn open<S: Read + Write>(&mut self, socket: &mut S, host: &str) -> Result<(), TlsError>;

    /// Whether a session is open, as far as is known without reading.
    fn is_open(&self) -> bool;

    /// Whether nothing that arrived waits to be read, not even the start of a record.
    fn is_quiet(&self) -> bool;

    /// Takes bytes to be sent and returns how many were taken, at least one if there are any.
    ///
    /// They may wait in the buffer until [`flush`](Self::flush).
    ///
    /// # Errors
    /// [`TlsError::NotOpen`], [`TlsError::Transport`]. The session is over.
    ///
    /// # Cancellation safety
    /// A future dropped while it was sending ends the session: the server may have received half a record.
    async fn write<S: Write>(&mut self, socket: &mut S, bytes: &[u8]) -> Result<usize, TlsError>;

    /// Sends what waits, and flushes the socket.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    ///
    /// # Cancellation safety
    /// As [`write`](Self::write).
    async fn flush<S: Write>(&mut self, socket: &mut S) -> Result<(), TlsError>;

    /// Waits for bytes and returns how many there are; 0 after the server's authenticated goodbye (or if `out` is empty).
    ///
    /// # Errors
    /// [`TlsError::Truncated`] if the connection ended without that goodbye, and whatever the server or the path did
    /// wrong. The session is over.
    ///
    /// # Cancellation safety
    /// A dropped future loses nothing: read on.
    async fn read<S: Read>(&mut self, socket: &mut S, out: &mut [u8]) -> Result<usize, TlsError>;

    /// Says goodbye, if a session is open, and forgets it.
    ///
    /// # Errors
    /// [`TlsError::Transport`]; the session is over in any case.
    ///
    /// # Cancellation safety
    /// A dropped future leaves no session.
    async fn close<S: Write>(&mut self, socket: &mut S) -> Result<(), TlsError>;

    /// Forgets the session without a word, for a socket that is gone.
    fn abandon(&mut self);
}
