//! A character of a JSON string that is not one byte: an escape, or UTF-8 outside of ASCII, byte by byte.

use super::Malformed;

/// What is known of the character so far.
#[derive(Clone, Copy)]
pub(super) struct Character {
    expected: Expected,
    /// How many digits or continuation bytes are missing.
    missing: u8,
    /// The bytes of its UTF-8, where it is written as such; 0 where it is an escape.
    utf8_len: u8,
    /// The first half of a surrogate pair; 0 where none is open.
    high: u32,
    /// Its code point, or the second half of a pair, as far as it is known.
    code_point: u32,
}

/// What must come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Nothing: the character is complete.
    Nothing,
    /// The letter behind a backslash.
    Letter,
    /// A digit of `\uXXXX`.
    Digit,
    /// The backslash of a pair's second half.
    LowBackslash,
    /// The `u` of a pair's second half.
    LowU,
    /// A continuation byte.
    Continuation,
}

impl Character {
    /// Between two characters.
    pub(super) const fn new() -> Self {
        Self {
            expected: Expected::Nothing,
            missing: 0,
            utf8_len: 0,
            high: 0,
            code_point: 0,
        }
    }

    /// Whether some of it is still to come.
    pub(super) fn is_begun(&self) -> bool {
        self.expected != Expected::Nothing
    }

    /// Takes a byte, the first being one that does not stand for itself; the character, where this is its last byte.
    pub(super) fn take(&mut self, byte: u8) -> Result<Option<char>, Malformed> {
        match self.expected {
            Expected::Nothing if byte == b'\\' => self.expected = Expected::Letter,
            Expected::Nothing => {
                let len @ 2..=4 = byte.leading_ones() else {
                    return Err(Malformed);
                };
                self.utf8_len = u8::try_from(len).unwrap_or_default();
                self.missing = self.utf8_len.wrapping_sub(1);
                self.code_point = u32::from(byte & 0x7F >> len);
                self.expected = Expected::Continuation;
            }
            Expected::Letter if byte != b'u' => {
                self.expected = Expected::Nothing;
                return Ok(Some(match byte {
                    b'"' | b'\\' | b'/' => char::from(byte),
                    b'b' => '\x08',
                    b'f' => '\x0C',
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    _ => return Err(Malformed),
                }));
            }
            Expected::LowBackslash if byte == b'\\' => self.expected = Expected::LowU,
            Expected::Letter | Expected::LowU if byte == b'u' => {
                self.utf8_len = 0;
                self.missing = 4;
                self.code_point = 0;
                self.expected = Expected::Digit;
            }
            Expected::Digit => {
                self.code_point = self.code_point << 4 | hex_digit(byte)?;
                return self.go_on();
            }
            Expected::Continuation if byte & 0xC0 == 0x80 => {
                self.code_point = self.code_point << 6 | u32::from(byte & 0x3F);
                return self.go_on();
            }
            _ => return Err(Malformed),
        }
        Ok(None)
    }

    /// The character, where nothing of it is missing any more.
    fn go_on(&mut self) -> Result<Option<char>, Malformed> {
        self.missing = self.missing.wrapping_sub(1);
        if self.missing > 0 {
            return Ok(None);
        }
        let code_point = match (self.high, self.code_point) {
            (0, high @ 0xD800..=0xDBFF) if self.utf8_len == 0 => {
                self.high = high;
                self.expected = Expected::LowBackslash;
                return Ok(None);
            }
            (0, code_point) => code_point,
            (high, low @ 0xDC00..=0xDFFF) => {
                0x1_0000_u32.wrapping_add((high & 0x3FF) << 10 | low & 0x3FF)
            }
            _ => return Err(Malformed),
        };
        self.high = 0;
        self.expected = Expected::Nothing;
        // A second half without a first is no character; UTF-8 is as short as it can be.
        let character = char::from_u32(code_point).ok_or(Malformed)?;
        if self.utf8_len != 0 && usize::from(self.utf8_len) != character.len_utf8() {
            return Err(Malformed);
        }
        Ok(Some(character))
    }
}

fn hex_digit(byte: u8) -> Result<u32, Malformed> {
    char::from(byte).to_digit(16).ok_or(Malformed)
}
