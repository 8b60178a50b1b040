//! What is done with a message: it is encoded at once, or begun and made in pieces.
//!
//! Each kind of message has one function that does any of the three jobs, and all that does not depend on the kind is
//! here once, because in flash a function for each kind and job would stand fifteen times.

use xobito_core::{Kind, Message, Progress, Streamed, Warning, encode};

use crate::error::{XobitoError, XobitoStatus};
use crate::head::XobitoEndpoint;
use crate::memory::{Call, Checked};

use super::XobitoRequest;

pub(super) enum Job<'b> {
    /// All of it into this buffer.
    Encode(&'b mut [u8]),
    /// Check and count it.
    Begin,
    /// The next piece into this buffer.
    Next(Progress, &'b mut [u8]),
}

/// What a job gives.
pub(super) struct Done {
    kind: Kind,
    /// Bytes of the body, or of the piece.
    pub(super) length: usize,
    warning: Option<Warning>,
    /// Where the pieces are, if it is made in pieces.
    pub(super) progress: Option<Progress>,
}

impl Job<'_> {
    pub(super) fn perform(self, message: &impl Message, call: &mut Call) -> Checked<Done> {
        match self {
            Self::Encode(buffer) => match encode(message, buffer) {
                Ok(request) => Ok(Done {
                    kind: request.kind(),
                    length: request.body().len(),
                    warning: request.warning(),
                    progress: None,
                }),
                Err(error) => Err(call.refuse(error)),
            },
            Self::Begin => match Streamed::new(message) {
                Ok(streamed) => Ok(Done::of(&streamed, streamed.content_length())),
                Err(error) => Err(call.refuse(error)),
            },
            Self::Next(progress, buffer) => {
                let mut streamed = Streamed::resumed(message, progress);
                match streamed.next_piece(buffer) {
                    Ok(piece) => Ok(Done::of(&streamed, piece.map_or(0, <[u8]>::len))),
                    Err(_) => Err(call.refuse(XobitoError::TextChanged)),
                }
            }
        }
    }
}

impl Done {
    fn of<M: Message>(streamed: &Streamed<'_, M>, length: usize) -> Self {
        Self {
            kind: streamed.kind(),
            length,
            warning: streamed.warning(),
            progress: Some(streamed.progress()),
        }
    }

    pub(super) fn request(&self, body: *const u8) -> XobitoRequest {
        XobitoRequest {
            endpoint: XobitoEndpoint::of_kind(self.kind).code(),
            body,
            body_length: self.length,
            warning_characters: match self.warning {
                Some(Warning::InteractiveBodyLength { characters }) => characters,
                _ => 0,
            },
        }
    }

    pub(super) fn status(&self) -> XobitoStatus {
        match self.warning {
            Some(_) => XobitoStatus::WarningBodyLength,
            None => XobitoStatus::Ok,
        }
    }
}
