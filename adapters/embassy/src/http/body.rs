//! The body of an answer without its framing.

use super::head::Head;
use super::{HEAD_MAX, MalformedHttp, is_text, next_byte};

/// Where in the body an answer is.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// So many bytes are to come.
    Length(u64),
    Chunked(Chunked),
    UntilClose,
    Complete,
}

/// Where among the chunks an answer is; `overhead` counts what is not data and has no length of its own.
#[derive(Clone, Debug)]
pub(super) struct Chunked {
    state: State,
    overhead: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first digit of a chunk's size is to come.
    SizeStart,
    Size(u64),
    /// Whitespace and extensions after the size.
    Extension(u64),
    SizeEnd(u64),
    Data(u64),
    DataEnd,
    DataEndLf,
    TrailerStart,
    Trailer,
    TrailerEnd,
    LastLf,
    Complete,
}

impl Body {
    pub(super) const fn of(head: &Head) -> Self {
        if !head.has_body() {
            return Self::Complete;
        }
        match head.content_length {
            _ if head.is_chunked => Self::Chunked(Chunked {
                state: State::SizeStart,
                overhead: 0,
            }),
            Some(0) => Self::Complete,
            Some(length) => Self::Length(length),
            None => Self::UntilClose,
        }
    }

    pub(super) fn advance<'i>(
        &mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<&'i [u8]>, MalformedHttp> {
        match self {
            Self::Complete => Ok(None),
            Self::UntilClose => Ok(take(input, u64::MAX)),
            Self::Length(left) => {
                let piece = take(input, *left);
                *left -= length_of(piece);
                if *left == 0 {
                    *self = Self::Complete;
                }
                Ok(piece)
            }
            Self::Chunked(chunked) => {
                let piece = chunked.advance(input)?;
                if chunked.state == State::Complete {
                    *self = Self::Complete;
                }
                Ok(piece)
            }
        }
    }
}

impl Chunked {
    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<&'i [u8]>, MalformedHttp> {
        while self.state != State::Complete {
            if let State::Data(left) = self.state {
                let piece = take(input, left);
                let left = left - length_of(piece);
                self.state = match left {
                    0 => State::DataEnd,
                    _ => State::Data(left),
                };
                return Ok(piece);
            }
            let Some(byte) = next_byte(input) else {
                break;
            };
            self.state = self.step(byte)?;
        }
        Ok(None)
    }

    fn step(&mut self, byte: u8) -> Result<State, MalformedHttp> {
        self.overhead += 1;
        if self.overhead >= HEAD_MAX {
            return Err(MalformedHttp);
        }
        Ok(match (self.state, byte) {
            (State::SizeStart, _) => State::Size(digit(byte)?),
            (State::Size(size) | State::Extension(size), b'\r') => State::SizeEnd(size),
            (State::Size(size) | State::Extension(size) | State::SizeEnd(size), b'\n') => {
                self.overhead = 0;
                match size {
                    0 => State::TrailerStart,
                    _ => State::Data(size),
                }
            }
            (State::Size(size), b';' | b' ' | b'\t') => State::Extension(size),
            (State::Size(size), _) => {
                let shifted = size.checked_mul(16).ok_or(MalformedHttp)?;
                State::Size(shifted | digit(byte)?)
            }
            (State::Extension(size), _) if is_text(byte) => State::Extension(size),
            (State::DataEnd, b'\r') => State::DataEndLf,
            (State::DataEnd | State::DataEndLf, b'\n') => State::SizeStart,
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerStart | State::LastLf, b'\n') => State::Complete,
            (State::Trailer, b'\r') => State::TrailerEnd,
            (State::Trailer | State::TrailerEnd, b'\n') => State::TrailerStart,
            (State::TrailerStart | State::Trailer, _) if is_text(byte) => State::Trailer,
            _ => return Err(MalformedHttp),
        })
    }
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> Result<u64, MalformedHttp> {
    char::from(byte)
        .to_digit(16)
        .map(u64::from)
        .ok_or(MalformedHttp)
}

/// Takes at most `max` bytes off; `None` if there are none.
fn take<'i>(input: &mut &'i [u8], max: u64) -> Option<&'i [u8]> {
    let count = usize::try_from(max).map_or(input.len(), |max| max.min(input.len()));
    let (piece, rest) = input.split_at_checked(count)?;
    *input = rest;
    (!piece.is_empty()).then_some(piece)
}

fn length_of(piece: Option<&[u8]>) -> u64 {
    piece.map_or(0, |piece| u64::try_from(piece.len()).unwrap_or(u64::MAX))
}
