//! A character of a JSON string that is not one byte: an escape, or UTF-8 outside of ASCII, byte by byte.

use super::Malformed;

/// The part of the character that is still to come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Character {
    /// Nothing: it is complete.
    Complete,
    /// The letter behind the backslash.
    Letter,
    /// Digits of `\uXXXX`.
    Digits {
        /// How many.
        left: u8,
        /// What those before them say.
        unit: u16,
        /// The first half of a surrogate pair; 0 where none is open.
        high: u16,
    },
    /// The backslash of a pair's second half.
    LowBackslash { high: u16 },
    /// The `u` of a pair's second half.
    LowU { high: u16 },
    /// Continuation bytes.
    Continuation {
        /// How many.
        left: u8,
        /// The next of them must lie in this range (Unicode, table 3-7: well-formed byte sequences).
        low: u8,
        high: u8,
    },
}

impl Character {
    /// Between two characters.
    pub(super) const fn new() -> Self {
        Self::Complete
    }

    /// At the first byte of one.
    pub(super) const fn beginning(byte: u8) -> Result<Self, Malformed> {
        let (left, low, high) = match byte {
            b'\\' => return Ok(Self::Letter),
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF), // no overlong forms
            0xED => (2, 0x80, 0x9F), // no surrogates
            0xE1..=0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF), // no overlong forms
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F), // nothing above U+10FFFF
            _ => return Err(Malformed),
        };
        Ok(Self::Continuation { left, low, high })
    }

    /// Whether some of it is still to come.
    pub(super) fn is_begun(self) -> bool {
        self != Self::Complete
    }

    /// Takes the next byte and puts down what the character is decoded to, as far as it is known now; answers with
    /// how many bytes that is.
    pub(super) fn take(&mut self, byte: u8, out: &mut [u8; 4]) -> Result<usize, Malformed> {
        let [first, ..] = out;
        *first = byte;
        (*self, *first) = match (*self, byte) {
            (Self::Continuation { left, low, high }, _) => {
                if byte < low || byte > high {
                    return Err(Malformed);
                }
                let next = match left.wrapping_sub(1) {
                    0 => Self::Complete,
                    left => Self::Continuation {
                        left,
                        low: 0x80,
                        high: 0xBF,
                    },
                };
                (next, byte)
            }
            (Self::Letter, b'u') => {
                *self = Self::digits(0);
                return Ok(0);
            }
            (Self::Letter, b'"' | b'\\' | b'/') => (Self::Complete, byte),
            (Self::Letter, b'b') => (Self::Complete, 0x08),
            (Self::Letter, b'f') => (Self::Complete, 0x0C),
            (Self::Letter, b'n') => (Self::Complete, b'\n'),
            (Self::Letter, b'r') => (Self::Complete, b'\r'),
            (Self::Letter, b't') => (Self::Complete, b'\t'),
            (Self::Digits { left, unit, high }, _) => {
                let unit = unit << 4 | hex_digit(byte)?;
                if left > 1 {
                    let left = left.wrapping_sub(1);
                    *self = Self::Digits { left, unit, high };
                    return Ok(0);
                }
                return self.code_unit(high, unit, out);
            }
            (Self::LowBackslash { high }, b'\\') => {
                *self = Self::LowU { high };
                return Ok(0);
            }
            (Self::LowU { high }, b'u') => {
                *self = Self::digits(high);
                return Ok(0);
            }
            _ => return Err(Malformed),
        };
        Ok(1)
    }

    const fn digits(high: u16) -> Self {
        Self::Digits {
            left: 4,
            unit: 0,
            high,
        }
    }

    /// What four digits say, and perhaps the first half of a pair before them.
    fn code_unit(&mut self, high: u16, unit: u16, out: &mut [u8; 4]) -> Result<usize, Malformed> {
        let code_point = match (high, unit) {
            (0, 0xD800..=0xDBFF) => {
                *self = Self::LowBackslash { high: unit };
                return Ok(0);
            }
            (0, _) => u32::from(unit),
            (high, 0xDC00..=0xDFFF) => {
                0x1_0000_u32.wrapping_add(u32::from(high & 0x3FF) << 10 | u32::from(unit & 0x3FF))
            }
            _ => return Err(Malformed),
        };
        *self = Self::Complete;
        // A second half without a first is no character.
        let character = char::from_u32(code_point).ok_or(Malformed)?;
        Ok(character.encode_utf8(out).len())
    }
}

fn hex_digit(byte: u8) -> Result<u16, Malformed> {
    match byte {
        b'0'..=b'9' => Ok(u16::from(byte & 0xF)),
        b'a'..=b'f' | b'A'..=b'F' => Ok(u16::from(byte & 0xF).wrapping_add(9)),
        _ => Err(Malformed),
    }
}
