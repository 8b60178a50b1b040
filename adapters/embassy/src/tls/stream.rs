//! A session and its socket as one `embedded_io_async` stream, for an HTTP library on top.

use embedded_io_async::{ErrorType, Read, Write};

use super::{Tls, TlsError};

/// An open session, borrowed together with its socket for as long as somebody reads and writes.
///
/// Cancellation safety is that of [`Tls`].
pub struct TlsStream<'a, T, S> {
    tls: &'a mut T,
    socket: &'a mut S,
}

impl<'a, T: Tls, S> TlsStream<'a, T, S> {
    /// Joins an endpoint and the socket over which it was opened.
    pub const fn new(tls: &'a mut T, socket: &'a mut S) -> Self {
        Self { tls, socket }
    }
}

impl<T, S> ErrorType for TlsStream<'_, T, S> {
    type Error = TlsError;
}

impl<T: Tls, S: Read> Read for TlsStream<'_, T, S> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, TlsError> {
        self.tls.read(self.socket, out).await
    }
}

impl<T: Tls, S: Write> Write for TlsStream<'_, T, S> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, TlsError> {
        self.tls.write(self.socket, bytes).await
    }

    async fn flush(&mut self) -> Result<(), TlsError> {
        self.tls.flush(self.socket).await
    }
}
