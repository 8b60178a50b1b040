//! Another implementation of the TLS trait: none at all, for tests that are about something else.

use std::cell::Cell;

use embedded_io_async::{Error, Read, Write};
use xobito_embassy::tls::{Tls, TlsError};

/// Lets everything through as it is.
#[derive(Default)]
pub(crate) struct InTheClear<'t> {
    /// Whether a session is open, for the test to look at.
    is_open: Option<&'t Cell<bool>>,
}

impl<'t> InTheClear<'t> {
    pub(crate) const fn watched(is_open: &'t Cell<bool>) -> Self {
        Self {
            is_open: Some(is_open),
        }
    }

    fn set_open(&self, is_open: bool) {
        if let Some(watched) = self.is_open {
            watched.set(is_open);
        }
    }
}

impl Tls for InTheClear<'_> {
    async fn open<S: Read + Write>(&mut self, _: &mut S, _: &str) -> Result<(), TlsError> {
        self.set_open(true);
        Ok(())
    }

    fn is_open(&self) -> bool {
        true
    }

    async fn write<S: Write>(&mut self, socket: &mut S, bytes: &[u8]) -> Result<usize, TlsError> {
        socket.write(bytes).await.map_err(transport)
    }

    async fn flush<S: Write>(&mut self, socket: &mut S) -> Result<(), TlsError> {
        socket.flush().await.map_err(transport)
    }

    async fn read<S: Read>(&mut self, socket: &mut S, out: &mut [u8]) -> Result<usize, TlsError> {
        socket.read(out).await.map_err(transport)
    }

    async fn close<S: Write>(&mut self, _: &mut S) -> Result<(), TlsError> {
        Ok(())
    }

    fn abandon(&mut self) {
        self.set_open(false);
    }
}

#[allow(clippy::needless_pass_by_value)] // As `map_err` passes it.
fn transport<E: Error>(error: E) -> TlsError {
    TlsError::Transport(error.kind())
}
