//! A character of a JSON string that is not one byte: an escape, or UTF-8 outside of ASCII, byte by byte.

use super::Malformed;

/// What is known of the character so far.
pub(super) struct Character {
    expected: Expected,
    /// What the digits of `\uXXXX` say so far.
    unit: u16,
    /// The first half of a surrogate pair; 0 where none is open.
    high: u16,
    /// The next continuation byte lies in this range (Unicode, table 3-7: well-formed byte sequences).
    range: (u8, u8),
}

/// What must come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Nothing: the character is complete.
    Nothing,
    /// The letter behind a backslash.
    Letter,
    /// So many digits of `\uXXXX`.
    Digits(u8),
    /// The backslash of a pair's second half.
    LowBackslash,
    /// The `u` of a pair's second half.
    LowU,
    /// So many continuation bytes.
    Continuation(u8),
}

/// What comes to light.
#[derive(Clone, Copy)]
pub(super) enum Decoded {
    Nothing,
    /// A byte of UTF-8.
    Byte(u8),
    Character(char),
}

impl Character {
    /// Between two characters.
    pub(super) const fn new() -> Self {
        Self {
            expected: Expected::Nothing,
            unit: 0,
            high: 0,
            range: (0x80, 0xBF),
        }
    }

    /// Whether some of it is still to come.
    pub(super) fn is_begun(&self) -> bool {
        self.expected != Expected::Nothing
    }

    /// Begins, at a byte that does not stand for itself.
    pub(super) fn begin(&mut self, byte: u8) -> Result<Decoded, Malformed> {
        let (left, low, high) = match byte {
            b'\\' => {
                self.expected = Expected::Letter;
                return Ok(Decoded::Nothing);
            }
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF), // no overlong forms
            0xED => (2, 0x80, 0x9F), // no surrogates
            0xE1..=0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF), // no overlong forms
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F), // nothing above U+10FFFF
            _ => return Err(Malformed),
        };
        self.expected = Expected::Continuation(left);
        self.range = (low, high);
        Ok(Decoded::Byte(byte))
    }

    /// Reads on, up to where there is something to give out or to the chunk's end.
    pub(super) fn read(&mut self, chunk: &mut &[u8]) -> Result<Decoded, Malformed> {
        while let Some((byte, rest)) = chunk.split_first() {
            *chunk = rest;
            match self.expected {
                Expected::Digits(left) => {
                    self.unit = self.unit << 4 | hex_digit(*byte)?;
                    if left > 1 {
                        self.expected = Expected::Digits(left.wrapping_sub(1));
                        continue;
                    }
                    if matches!((self.high, self.unit), (0, 0xD800..=0xDBFF)) {
                        self.high = self.unit;
                        self.expected = Expected::LowBackslash;
                        continue;
                    }
                    return self.code_unit();
                }
                Expected::LowBackslash if *byte == b'\\' => self.expected = Expected::LowU,
                Expected::LowU if *byte == b'u' => self.expected = Expected::Digits(4),
                Expected::Letter if *byte == b'u' => {
                    self.expected = Expected::Digits(4);
                    self.high = 0;
                }
                Expected::Letter => {
                    self.expected = Expected::Nothing;
                    return Ok(Decoded::Byte(match byte {
                        b'"' | b'\\' | b'/' => *byte,
                        b'b' => 0x08,
                        b'f' => 0x0C,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        _ => return Err(Malformed),
                    }));
                }
                Expected::Continuation(left) if self.range.0 <= *byte && *byte <= self.range.1 => {
                    self.range = (0x80, 0xBF);
                    self.expected = match left.wrapping_sub(1) {
                        0 => Expected::Nothing,
                        left => Expected::Continuation(left),
                    };
                    return Ok(Decoded::Byte(*byte));
                }
                _ => return Err(Malformed),
            }
        }
        Ok(Decoded::Nothing)
    }

    /// What four digits say, and perhaps the first half of a pair before them.
    fn code_unit(&mut self) -> Result<Decoded, Malformed> {
        self.expected = Expected::Nothing;
        let code_point = match (self.high, self.unit) {
            (0, unit) => u32::from(unit),
            (high, low @ 0xDC00..=0xDFFF) => {
                0x1_0000_u32.wrapping_add(u32::from(high & 0x3FF) << 10 | u32::from(low & 0x3FF))
            }
            _ => return Err(Malformed),
        };
        // A second half without a first is no character.
        char::from_u32(code_point)
            .map(Decoded::Character)
            .ok_or(Malformed)
    }
}

fn hex_digit(byte: u8) -> Result<u16, Malformed> {
    let digit = byte.wrapping_sub(b'0');
    if digit < 10 {
        return Ok(digit.into());
    }
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if letter < 6 {
        return Ok(u16::from(letter).wrapping_add(10));
    }
    Err(Malformed)
}
