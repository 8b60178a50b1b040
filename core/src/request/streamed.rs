//! Requests that are larger than the memory a device can give them.

use core::fmt;

use embedded_io::Write;

use super::encoder::Encoder;
use super::endpoint::{Endpoint, Kind};
use crate::message::{InvalidMessage, Message, Warning};

/// A message that is encoded piece by piece: its exact length first, then the bytes, in pieces of any size.
///
/// Each piece is made by encoding the message anew and keeping what falls into the piece, so that a message needs no
/// memory but the piece's: sending a body of `n` bytes in pieces of `p` encodes it about `n / 2p` times.
/// The texts must come out the same each time; if their length changes, [`TextChanged`] says so.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, Streamed, checked, message::TextMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let message = TextMessage::new(&ON_CALL, "Freezer 3 is open");
/// let mut streamed = Streamed::new(&message)?;
/// let (mut piece, mut body) = ([0; 16], Vec::new());
/// while let Some(bytes) = streamed.next_piece(&mut piece)? {
///     body.extend_from_slice(bytes);
/// }
/// assert_eq!(body.len(), streamed.content_length());
/// assert_eq!(body, Request::<256>::new(&message)?.body());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Streamed<'m, M> {
    message: &'m M,
    progress: Progress,
}

/// How far a [`Streamed`] got: all of it but the message, for a caller who cannot keep the message borrowed between
/// two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Progress {
    content_length: usize,
    warning: Option<Warning>,
    /// How many bytes were handed out.
    position: usize,
}

impl<'m, M: Message> Streamed<'m, M> {
    /// Checks the message and counts its bytes.
    ///
    /// # Errors
    /// [`InvalidMessage`] names the field and the rule.
    pub fn new(message: &'m M) -> Result<Self, InvalidMessage> {
        let counted = super::count(message)?;
        Ok(Self {
            message,
            progress: Progress {
                content_length: counted.len,
                warning: counted.warning,
                position: 0,
            },
        })
    }

    /// Goes on where another one of the same message stood.
    ///
    /// The message is neither checked nor counted again. If it is another one, that is noticed as a [`TextChanged`]
    /// at the last piece, unless it is exactly as long.
    #[must_use]
    pub const fn resumed(message: &'m M, progress: Progress) -> Self {
        Self { message, progress }
    }

    /// How far it got.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Bytes of the body.
    #[must_use]
    pub const fn content_length(&self) -> usize {
        self.progress.content_length
    }

    /// Which kind of send it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        M::KIND
    }

    /// Where it is to be posted.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint<'static> {
        M::KIND.endpoint()
    }

    /// What Meta will probably refuse, although the API documents it as fine.
    #[must_use]
    pub const fn warning(&self) -> Option<Warning> {
        self.progress.warning
    }

    /// Begins anew, for another try.
    pub const fn rewind(&mut self) {
        self.progress.position = 0;
    }

    /// The next piece, as long as `buffer` unless it is the last; `None` when all was handed out.
    ///
    /// An empty `buffer` gives empty pieces and no progress.
    ///
    /// # Errors
    /// [`TextChanged`]: the body can no longer be completed, so the request must be abandoned.
    pub fn next_piece<'b>(
        &mut self,
        buffer: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, TextChanged> {
        let Progress {
            content_length,
            position,
            ..
        } = self.progress;
        let left = content_length.saturating_sub(position);
        if left == 0 {
            return Ok(None);
        }
        if buffer.is_empty() {
            return Ok(Some(buffer));
        }
        let len = left.min(buffer.len());
        let piece = buffer.get_mut(..len).unwrap_or_default();
        let is_last = len == left;
        // The last piece looks at the whole, so that a length that changed is noticed.
        let mut encoder = Encoder::part(position, piece, is_last);
        let measured = encoder
            .run(&|encoder| self.message.members(encoder))
            .map_err(|_| TextChanged)?;
        let reached = position.saturating_add(len);
        if measured.len < reached || (is_last && measured.len != content_length) {
            return Err(TextChanged);
        }
        self.progress.position = reached;
        Ok(buffer.get(..len))
    }

    /// Writes the whole body to a blocking writer, through `buffer`.
    ///
    /// # Errors
    /// What the writer answers, or that a text changed. Bytes may have been written before.
    pub fn write_to<W: Write>(
        &mut self,
        writer: &mut W,
        buffer: &mut [u8],
    ) -> Result<(), WriteError<W::Error>> {
        if buffer.is_empty() {
            return Err(WriteError::EmptyBuffer);
        }
        while let Some(piece) = self
            .next_piece(buffer)
            .map_err(|TextChanged| WriteError::TextChanged)?
        {
            let mut rest = piece;
            // Not `write_all`, which panics where a writer takes nothing.
            while !rest.is_empty() {
                let taken = writer.write(rest).map_err(WriteError::Writer)?;
                if taken == 0 {
                    return Err(WriteError::NothingTaken);
                }
                rest = rest.get(taken..).unwrap_or_default();
            }
        }
        Ok(())
    }
}

/// A text had another length than when it was counted: its `Display` does not always write the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TextChanged;

impl fmt::Display for TextChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text changed while it was being sent: format values that stay the same")
    }
}

impl core::error::Error for TextChanged {}

/// Why a body was not written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum WriteError<E> {
    /// The writer's own error.
    Writer(E),
    /// See [`TextChanged`].
    TextChanged,
    /// The buffer for the pieces has no room for a byte.
    EmptyBuffer,
    /// The writer took no byte and named no error, so it would never end.
    NothingTaken,
}

impl<E: fmt::Display> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Writer(error) => error.fmt(f),
            Self::TextChanged => TextChanged.fmt(f),
            Self::EmptyBuffer => f.write_str("the buffer for the pieces is empty"),
            Self::NothingTaken => f.write_str("the writer takes no more"),
        }
    }
}

impl<E: core::error::Error> core::error::Error for WriteError<E> {}
