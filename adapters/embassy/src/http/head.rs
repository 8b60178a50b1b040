//! The head of an answer, byte by byte: the status and the four headers that matter.
//!
//! ```text
//!  StatusLine --> Reason --> LineEnd --> LineStart --> Name --> Value --> LineEnd ...
//!                                        |   ^                   ^
//!                                        |   +-- folded line ----+
//!                                        +--> HeadEnd
//! ```

use super::{HEAD_MAX, MalformedHttp, is_text, next_byte};

/// `transfer-encoding`, the longest name that matters.
const NAME_MAX: usize = 17;
/// More than any sensible value of a header that matters.
const VALUE_MAX: usize = 32;
/// The digits of a `Retry-After` in seconds, with some leading zeros.
const RETRY_AFTER_MAX: usize = 12;
const VERSION: &[u8] = b"HTTP/1.";

/// Reads one head.
#[derive(Clone, Debug)]
pub(super) struct HeadReader {
    state: State,
    bytes: u16,
    name: Text<NAME_MAX>,
    value: Text<VALUE_MAX>,
    header: Header,
    head: Head,
    retry_after: Option<Text<RETRY_AFTER_MAX>>,
}

/// What a head says about the status and the body's framing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) content_length: Option<u64>,
    pub(super) is_chunked: bool,
    is_http_1_0: bool,
    closes: bool,
}

impl Head {
    pub(super) const fn has_body(&self) -> bool {
        !matches!(self.status, 204 | 304)
    }

    pub(super) const fn can_keep_alive(&self) -> bool {
        // Both at once is the mark of a confused or smuggled answer: the next one would not be safe.
        let contradictory = self.is_chunked && self.content_length.is_some();
        !self.is_http_1_0 && !self.closes && !contradictory
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// So many bytes of `HTTP/1.1 200` were read.
    StatusLine(u8),
    Reason,
    LineEnd,
    LineStart,
    Name,
    Value,
    HeadEnd,
}

/// The headers that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    /// No header came yet, so there is nothing that a folded line could continue.
    None,
    Other,
    ContentLength,
    TransferEncoding,
    Connection,
    RetryAfter,
}

impl Header {
    fn from_name(name: &Text<NAME_MAX>) -> Self {
        match name.complete() {
            Some(b"content-length") => Self::ContentLength,
            Some(b"transfer-encoding") => Self::TransferEncoding,
            Some(b"connection") => Self::Connection,
            Some(b"retry-after") => Self::RetryAfter,
            _ => Self::Other,
        }
    }
}

impl HeadReader {
    pub(super) const fn new() -> Self {
        Self {
            state: State::StatusLine(0),
            bytes: 0,
            name: Text::new(),
            value: Text::new(),
            header: Header::None,
            head: Head {
                status: 0,
                content_length: None,
                is_chunked: false,
                is_http_1_0: false,
                closes: false,
            },
            retry_after: None,
        }
    }

    pub(super) fn retry_after(&self) -> Option<&str> {
        let value = self.retry_after.as_ref()?.complete()?;
        core::str::from_utf8(value).ok()
    }

    /// Takes bytes until the head is complete or there are none left.
    pub(super) fn advance(&mut self, input: &mut &[u8]) -> Result<Option<Head>, MalformedHttp> {
        while let Some(byte) = next_byte(input) {
            self.bytes += 1;
            if self.bytes >= HEAD_MAX {
                return Err(MalformedHttp);
            }
            if self.step(byte)? {
                return Ok(Some(self.head));
            }
        }
        Ok(None)
    }

    /// One byte; `true` when it was the head's last.
    fn step(&mut self, byte: u8) -> Result<bool, MalformedHttp> {
        self.state = match (self.state, byte) {
            (State::StatusLine(at), _) => self.status_line(at, byte)?,
            (State::Reason | State::Value, b'\r') => State::LineEnd,
            (State::Reason | State::Value | State::LineEnd, b'\n') => State::LineStart,
            (State::Reason, _) if is_text(byte) => State::Reason,
            (State::Value, _) if is_text(byte) => {
                if self.header != Header::Other {
                    self.value.push_value(byte);
                }
                State::Value
            }
            (State::LineStart, b' ' | b'\t') if self.header != Header::None => {
                self.value.push_value(b' ');
                State::Value
            }
            (State::LineStart, b'\r') => {
                self.end_header()?;
                State::HeadEnd
            }
            (State::LineStart, b'\n') => {
                self.end_header()?;
                return Ok(true);
            }
            (State::LineStart, _) if is_token(byte) => {
                self.end_header()?;
                self.name = Text::new();
                self.name.push(byte.to_ascii_lowercase());
                State::Name
            }
            (State::Name, b':') => {
                self.header = Header::from_name(&self.name);
                self.value = Text::new();
                State::Value
            }
            (State::Name, _) if is_token(byte) => {
                self.name.push(byte.to_ascii_lowercase());
                State::Name
            }
            (State::HeadEnd, b'\n') => return Ok(true),
            _ => return Err(MalformedHttp),
        };
        Ok(false)
    }

    fn status_line(&mut self, at: u8, byte: u8) -> Result<State, MalformedHttp> {
        let is_right = match at {
            0..=6 => VERSION.get(usize::from(at)) == Some(&byte),
            7 => {
                self.head.is_http_1_0 = byte == b'0';
                byte.is_ascii_digit()
            }
            8 => byte == b' ',
            9..=11 => {
                self.head.status = self.head.status * 10 + u16::from(byte.wrapping_sub(b'0'));
                byte.is_ascii_digit()
            }
            _ => {
                return match byte {
                    b' ' => Ok(State::Reason),
                    b'\r' => Ok(State::LineEnd),
                    b'\n' => Ok(State::LineStart),
                    _ => Err(MalformedHttp),
                };
            }
        };
        if is_right {
            Ok(State::StatusLine(at + 1))
        } else {
            Err(MalformedHttp)
        }
    }

    /// Takes the header that came before, now that no folded line continues it.
    fn end_header(&mut self) -> Result<(), MalformedHttp> {
        let value = self.value.complete().map(<[u8]>::trim_ascii_end);
        match self.header {
            Header::None | Header::Other => {}
            Header::ContentLength => {
                let length = value.and_then(read_lengths).ok_or(MalformedHttp)?;
                if *self.head.content_length.get_or_insert(length) != length {
                    return Err(MalformedHttp);
                }
            }
            Header::TransferEncoding => {
                if !value.is_some_and(|value| value.eq_ignore_ascii_case(b"chunked")) {
                    return Err(MalformedHttp);
                }
                self.head.is_chunked = true;
            }
            Header::Connection => {
                // What is too long to be understood may well say `close` at its end.
                self.head.closes |= value.is_none_or(|value| {
                    members(value).any(|option| option.eq_ignore_ascii_case(b"close"))
                });
            }
            Header::RetryAfter => {
                if let Some(value) = value
                    && self.retry_after.is_none()
                {
                    self.retry_after = Some(Text::from_bytes(value));
                }
            }
        }
        self.header = Header::Other;
        Ok(())
    }
}

/// One length, or the same one several times, as a proxy may have joined them (RFC 9110, 8.6).
fn read_lengths(value: &[u8]) -> Option<u64> {
    let mut lengths = members(value).map(|digits| {
        let are_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        let text = core::str::from_utf8(digits).ok()?;
        are_digits.then(|| text.parse::<u64>().ok()).flatten()
    });
    let first = lengths.next()??;
    lengths.all(|length| length == Some(first)).then_some(first)
}

fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii)
}

/// Whether a byte may stand in a header's name (RFC 9110, 5.6.2).
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// A text of at most `N` bytes, which knows when it was longer.
#[derive(Clone, Copy, Debug)]
struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let mut text = Self::new();
        for &byte in bytes {
            text.push(byte);
        }
        text
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
        }
        self.len = self.len.saturating_add(1);
    }

    /// Spaces in front of a value, which are not part of it, take no room.
    fn push_value(&mut self, byte: u8) {
        if self.len > 0 || !matches!(byte, b' ' | b'\t') {
            self.push(byte);
        }
    }

    /// The text, unless it was longer than there is room for.
    fn complete(&self) -> Option<&[u8]> {
        self.bytes.get(..self.len)
    }
}
