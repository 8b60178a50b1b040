//! HTTP/1.1 answers, read as they arrive: no I/O, no buffer for the head, a hundred bytes of state.
//!
//! ```text
//!        1xx                       no length, no chunks
//!       +---+                    +----------------------> UntilClose --finish--+
//!       v   |                    |                                             v
//!  ---> Head --final answer------+--- Content-Length ---> Length ----------> Complete
//!        |                       |                                             ^
//!        |                       +--- chunked ----------> Chunks --trailers----+
//!        v
//!    Malformed  <--- whatever breaks the grammar, in any state
//! ```
//! This is the whole of HTTP that stands between TLS and `xobito-core`'s `AnswerReader`. It takes the place of
//! reqwless's reader, which wants the whole head and the body in one buffer and trips over what real servers send
//! (8 KB of headers, 1xx answers, chunk extensions). The request is still written by reqwless.
//!
//! # What is read, and how strictly
//! - `Content-Length`, `Transfer-Encoding`, `Connection` and `Retry-After` in any case and with folded lines; all other
//!   headers are skipped, at most [`HEAD_MAX`] bytes of a head.
//! - At most [`INTERIM_MAX`] interim answers (1xx) are skipped; `101` was not asked for and is malformed.
//! - `chunked` beats a `Content-Length` beside it; the connection is then not reused, as RFC 9112 (6.3) asks.
//! - Lines may end in LF alone. Everything else that RFC 9112 forbids is malformed: Content-Lengths that contradict each
//!   other, transfer codings that nobody asked for, control characters, spaces before a colon.

mod body;
mod head;

use body::Body;
use head::{Head, HeadReader};

/// Bytes of one answer's head, of one chunk's line and of the trailers, at most.
pub const HEAD_MAX: u16 = 16 * 1024;
/// Interim answers (1xx) that are skipped, at most.
pub const INTERIM_MAX: u8 = 8;

/// Reads one answer.
///
/// # Examples
/// ```
/// use xobito_embassy::http::{Event, ResponseReader};
///
/// let mut reader = ResponseReader::new();
/// // In whatever pieces the network brings, one byte at a time if need be.
/// let mut input = &b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"[..];
/// assert_eq!(reader.advance(&mut input), Ok(Some(Event::Head { status: 200 })));
/// assert_eq!(reader.advance(&mut input), Ok(Some(Event::Body(b"{}"))));
/// assert!(reader.is_complete() && reader.can_reuse());
/// ```
#[derive(Clone, Debug)]
pub struct ResponseReader {
    state: State,
    head: HeadReader,
    interim_answers: u8,
    keep_alive: bool,
}

#[derive(Clone, Debug)]
enum State {
    Head,
    Body(Body),
    Malformed,
}

/// What a piece of an answer brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'i> {
    /// The head of the final answer is complete. `Retry-After` is now known, too.
    Head {
        /// The status, 200 to 999.
        status: u16,
    },
    /// A piece of the body, without any framing; never empty.
    Body(&'i [u8]),
}

/// The answer is not HTTP as RFC 9112 has it, or larger than anything sensible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MalformedHttp;

/// The connection ended before the answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Incomplete;

impl ResponseReader {
    /// Ready for an answer.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Head,
            head: HeadReader::new(),
            interim_answers: 0,
            keep_alive: false,
        }
    }

    /// Takes bytes from the front of `input` until something happened or there are none left.
    ///
    /// `Ok(None)` means that more bytes are needed, or that the answer is complete and the rest is none of its.
    ///
    /// # Errors
    /// [`MalformedHttp`], now and from then on.
    pub fn advance<'i>(
        &mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'i>>, MalformedHttp> {
        let event = match &mut self.state {
            State::Malformed => Err(MalformedHttp),
            State::Body(body) => body.advance(input).map(|piece| piece.map(Event::Body)),
            State::Head => self.advance_head(input),
        };
        if event.is_err() {
            self.state = State::Malformed;
        }
        event
    }

    /// The connection ended in good order.
    ///
    /// # Errors
    /// [`Incomplete`] where more should have come.
    pub fn finish(&self) -> Result<(), Incomplete> {
        match &self.state {
            State::Body(Body::UntilClose) => Ok(()),
            _ if self.is_complete() => Ok(()),
            _ => Err(Incomplete),
        }
    }

    /// Whether the whole answer was read.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        matches!(&self.state, State::Body(Body::Complete))
    }

    /// Whether another request may follow on the same connection, as far as this answer says.
    #[must_use]
    pub const fn can_reuse(&self) -> bool {
        self.is_complete() && self.keep_alive
    }

    /// The value of `Retry-After`, where the head had one that is no longer than a number of seconds can be.
    #[must_use]
    pub fn retry_after(&self) -> Option<&str> {
        self.head.retry_after()
    }

    fn advance_head<'i>(
        &mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'i>>, MalformedHttp> {
        while let Some(head) = self.head.advance(input)? {
            let Head { status, .. } = head;
            match status {
                // Nobody asked to switch to another protocol.
                ..=99 | 101 => return Err(MalformedHttp),
                100..=199 => {
                    self.interim_answers += 1;
                    if self.interim_answers > INTERIM_MAX {
                        return Err(MalformedHttp);
                    }
                    self.head = HeadReader::new();
                }
                _ => {
                    self.keep_alive = head.can_keep_alive();
                    self.state = State::Body(Body::of(&head));
                    return Ok(Some(Event::Head { status }));
                }
            }
        }
        Ok(None)
    }
}

impl Default for ResponseReader {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Display for MalformedHttp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the answer is not HTTP/1.1")
    }
}

impl core::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the connection ended before the answer did")
    }
}

impl core::error::Error for MalformedHttp {}
impl core::error::Error for Incomplete {}

/// Takes the first byte off.
fn next_byte(input: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = input.split_first()?;
    *input = rest;
    Some(byte)
}

/// Whether a byte may stand in a header's value or a reason phrase (RFC 9110, 5.5).
const fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7F)
}

#[cfg(test)]
mod tests;
