//! An open connection and the TLS session over it, and when both are over.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use embassy_time::Instant;
use embedded_io::{Error as _, ErrorKind};
use embedded_io_async::{ErrorType, Read, Write};

use super::Config;
use crate::tls::Tls;

/// A TCP connection over which TLS is open.
pub(super) struct Line<S> {
    socket: S,
    opened: Instant,
    last_used: Instant,
}

impl<S> Line<S> {
    pub(super) fn new(socket: S) -> Self {
        let now = Instant::now();
        Self {
            socket,
            opened: now,
            last_used: now,
        }
    }

    pub(super) fn socket(&mut self, deadline: Instant) -> Timed<'_, S> {
        Timed {
            socket: &mut self.socket,
            deadline,
        }
    }

    /// An answer came.
    pub(super) fn touch(&mut self) {
        self.last_used = Instant::now();
    }

    fn is_too_old(&self, config: &Config) -> bool {
        self.opened.elapsed() >= config.age_limit || self.last_used.elapsed() >= config.idle_limit
    }
}

/// The use of a TLS session: it is over when this is dropped, unless it was to be kept.
///
/// This is what makes dropped futures and timeouts harmless: whatever state the session was in, nobody goes on with it.
pub(super) struct Session<'t, T: Tls> {
    tls: &'t mut T,
    keep: bool,
}

impl<'t, T: Tls> Session<'t, T> {
    pub(super) const fn new(tls: &'t mut T) -> Self {
        Self { tls, keep: false }
    }

    pub(super) const fn tls(&mut self) -> &mut T {
        self.tls
    }

    pub(super) fn keep(mut self) {
        self.keep = true;
    }

    /// An idle connection, if it can take another request as far as can be known without sending one.
    pub(super) async fn revive<S: Read>(
        &mut self,
        mut line: Line<S>,
        config: &Config,
        deadline: Instant,
    ) -> Option<Line<S>> {
        if line.is_too_old(config) || !self.tls.is_open() {
            return None;
        }
        // Between requests a server has nothing to say but goodbye: silence is the sign of life.
        let is_silent = {
            let mut byte = [0];
            let mut socket = line.socket(deadline);
            let mut read = pin!(self.tls.read(&mut socket, &mut byte));
            poll_fn(|context| Poll::Ready(read.as_mut().poll(context).is_pending())).await
        };
        // The start of a record is a sign too: of a goodbye, or of an answer that nobody asked for.
        (is_silent && self.tls.is_quiet()).then_some(line)
    }

    pub(super) async fn goodbye<S: Write>(self, line: &mut Line<S>, deadline: Instant) {
        // The session is over in any case.
        let _ = self.tls.close(&mut line.socket(deadline)).await;
    }
}

impl<T: Tls> Drop for Session<'_, T> {
    fn drop(&mut self) {
        if !self.keep {
            self.tls.abandon();
        }
    }
}

/// A socket that looks at the clock each time it is used.
///
/// A timer alone would not do: a server that sends faster than we read would keep one poll busy for ever.
pub(super) struct Timed<'s, S> {
    socket: &'s mut S,
    deadline: Instant,
}

impl<'s, S> Timed<'s, S> {
    pub(super) const fn new(socket: &'s mut S, deadline: Instant) -> Self {
        Self { socket, deadline }
    }

    fn check(&self) -> Result<(), ErrorKind> {
        if Instant::now() < self.deadline {
            Ok(())
        } else {
            Err(ErrorKind::TimedOut)
        }
    }
}

impl<S> ErrorType for Timed<'_, S> {
    type Error = ErrorKind;
}

impl<S: Read> Read for Timed<'_, S> {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, ErrorKind> {
        self.check()?;
        self.socket.read(out).await.map_err(|error| error.kind())
    }
}

impl<S: Write> Write for Timed<'_, S> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.check()?;
        self.socket.write(bytes).await.map_err(|error| error.kind())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        self.check()?;
        self.socket.flush().await.map_err(|error| error.kind())
    }
}
