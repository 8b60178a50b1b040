//! The inside of a JSON string, decoded in runs.

use super::Malformed;
use super::utf8::Utf8;
use crate::json::escape::{are_hex_digits, clean_ascii_run};

/// Where in a string the reader stands.
pub(super) struct TextReader {
    state: State,
    utf8: Utf8,
    /// The digits so far of `\uXXXX`.
    unit: u16,
    /// The first half of a surrogate pair; 0 where none is open.
    high: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// After a backslash.
    Escape,
    /// After `\u` and up to three digits: this many are still to come.
    Hex(u8),
    /// The backslash of the second half of a pair must come.
    LowBackslash,
    /// The `u` of the second half of a pair must come.
    LowU,
}

/// Takes the decoded runs; `None` where nobody wants them.
type Out<'o> = Option<&'o mut dyn FnMut(&[u8])>;

/// What follows the bytes that were read, and whether the string ended.
type Read<'c> = Result<(&'c [u8], bool), Malformed>;

impl TextReader {
    /// At the start of a string; each ends so, too.
    pub(super) const fn new() -> Self {
        Self {
            state: State::Plain,
            utf8: Utf8::new(),
            unit: 0,
            high: 0,
        }
    }

    /// Whether no escape and no character has begun that is not whole yet.
    pub(super) fn is_between_characters(&self) -> bool {
        self.state == State::Plain && !self.utf8.is_inside()
    }

    /// Reads on, up to the closing quote or the chunk's end, and gives out what it decodes, where anybody wants it.
    pub(super) fn read<'c>(&mut self, chunk: &'c [u8], mut out: Out<'_>) -> Read<'c> {
        let mut rest = chunk;
        loop {
            if self.is_between_characters() {
                rest = match &mut out {
                    None => skip(rest),
                    Some(out) => {
                        let (run, tail) = rest
                            .split_at_checked(clean_ascii_run(rest))
                            .ok_or(Malformed)?;
                        if !run.is_empty() {
                            out(run);
                        }
                        tail
                    }
                };
            }
            let Some((byte, tail)) = rest.split_first() else {
                return Ok((rest, false));
            };
            rest = tail;
            match self.state {
                State::Plain if self.utf8.is_inside() || *byte >= 0x80 => {
                    if !self.utf8.accepts(*byte) {
                        return Err(Malformed);
                    }
                    give(&mut out, &[*byte]);
                }
                State::Plain => match byte {
                    b'"' => return Ok((rest, true)),
                    b'\\' => self.state = State::Escape,
                    _ => return Err(Malformed), // a control character
                },
                State::Escape => self.escape(*byte, &mut out)?,
                State::Hex(left) => self.hex(*byte, left, &mut out)?,
                State::LowBackslash if *byte == b'\\' => self.state = State::LowU,
                State::LowU if *byte == b'u' => self.state = State::Hex(4),
                State::LowBackslash | State::LowU => return Err(Malformed),
            }
        }
    }

    fn escape(&mut self, byte: u8, out: &mut Out<'_>) -> Result<(), Malformed> {
        let character = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.state = State::Hex(4);
                self.unit = 0;
                return Ok(());
            }
            _ => return Err(Malformed),
        };
        self.state = State::Plain;
        give(out, &[character]);
        Ok(())
    }

    fn hex(&mut self, byte: u8, left: u8, out: &mut Out<'_>) -> Result<(), Malformed> {
        let digit = match byte {
            b'0'..=b'9' => byte & 0xF,
            b'a'..=b'f' | b'A'..=b'F' => (byte & 0xF).wrapping_add(9),
            _ => return Err(Malformed),
        };
        self.unit = self.unit << 4 | u16::from(digit);
        if left > 1 {
            self.state = State::Hex(left.wrapping_sub(1));
            return Ok(());
        }
        self.state = State::Plain;
        let unit = self.unit;
        let code_point = match (self.high, unit) {
            (0, 0xD800..=0xDBFF) => {
                self.high = unit;
                self.state = State::LowBackslash;
                return Ok(());
            }
            (0, _) => u32::from(unit),
            (high, 0xDC00..=0xDFFF) => {
                0x1_0000_u32.wrapping_add(u32::from(high & 0x3FF) << 10 | u32::from(unit & 0x3FF))
            }
            _ => return Err(Malformed),
        };
        self.high = 0;
        // A second half without a first is no character.
        let character = char::from_u32(code_point).ok_or(Malformed)?;
        give(out, character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }
}

fn give(out: &mut Out<'_>, run: &[u8]) {
    if let Some(out) = out {
        out(run);
    }
}

/// Passes over what is whole within the chunk: plain ASCII, and characters written as `\uXXXX`. That is what an echo
/// of a text by PHP consists of. What it leaves is read with care, byte by byte.
fn skip(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        if let [b'\\', b'u', a, b, c, d, tail @ ..] = rest {
            if !are_hex_digits([*a, *b, *c, *d]) {
                return rest;
            }
            rest = match (surrogate(*a, *b), tail) {
                (None, _) => tail,
                (Some(Half::High), [b'\\', b'u', a, b, c, d, tail @ ..])
                    if are_hex_digits([*a, *b, *c, *d]) && surrogate(*a, *b) == Some(Half::Low) =>
                {
                    tail
                }
                _ => return rest,
            };
        } else {
            let run = clean_ascii_run(rest);
            if run == 0 {
                return rest;
            }
            rest = rest.get(run..).unwrap_or_default();
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// Which half of a surrogate pair begins with these two hexadecimal digits.
const fn surrogate(first: u8, second: u8) -> Option<Half> {
    match (first, second) {
        (b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B') => Some(Half::High),
        (b'd' | b'D', b'c'..=b'f' | b'C'..=b'F') => Some(Half::Low),
        _ => None,
    }
}
