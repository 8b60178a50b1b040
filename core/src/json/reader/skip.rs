//! Passing over a string that nobody wants, without believing any of it unchecked.

use crate::json::escape::clean_ascii_run;

/// The lowest bit of every byte of a word, and the highest.
const LOW: u32 = 0x0101_0101;
const HIGH: u32 = LOW << 7;

/// Passes over what is whole within the chunk: plain ASCII, and characters written as `\uXXXX`. That is what an echo
/// of a text by PHP consists of. What it leaves is read with care, byte by byte.
pub(super) fn skip(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        while let Some((pair, tail)) = rest.split_first_chunk() {
            if !is_pair(*pair) {
                break;
            }
            rest = tail;
        }
        rest = match rest {
            [b'\\', b'u', a, b, c, d, tail @ ..] if is_single([*a, *b, *c, *d]) => tail,
            _ => {
                let run = clean_ascii_run(rest);
                if run == 0 {
                    return rest;
                }
                rest.get(run..).unwrap_or_default()
            }
        };
    }
}

/// Whether it is a character outside the basic plane: `\uD8XX\uDCXX` to `\uDBXX\uDFXX`.
#[inline]
fn is_pair(bytes: [u8; 12]) -> bool {
    let [a, b, first @ .., c, d, e, f, g, h] = bytes;
    let (first, second) = (HexDigits::new(first), HexDigits::new([e, f, g, h]));
    [a, b] == *b"\\u"
        && [c, d] == *b"\\u"
        && first.invalid() | second.invalid() == 0
        && first.is_high()
        && second.is_low()
}

/// Whether the four digits are a character of their own.
#[inline]
fn is_single(digits: [u8; 4]) -> bool {
    let digits = HexDigits::new(digits);
    digits.invalid() == 0 && !digits.is_high() && !digits.is_low()
}

/// Four bytes that should be hexadecimal digits.
#[derive(Clone, Copy)]
struct HexDigits {
    word: u32,
    lower_case: u32,
}

impl HexDigits {
    const fn new(bytes: [u8; 4]) -> Self {
        let word = u32::from_le_bytes(bytes);
        Self {
            word,
            lower_case: word | LOW << 5,
        }
    }

    /// Sets the highest bit of every byte that is no digit. (Where a byte is 0x80 or above, of others perhaps too.)
    const fn invalid(self) -> u32 {
        /// Sets the highest bit of every byte below 0x80 that is this large, and disturbs no other byte.
        const fn at_least(word: u32, byte: u32) -> u32 {
            word.wrapping_add(LOW.wrapping_mul(0x80_u32.wrapping_sub(byte)))
        }
        let digits = at_least(self.word, 0x30) & !at_least(self.word, 0x3A);
        let letters = at_least(self.lower_case, 0x61) & !at_least(self.lower_case, 0x67);
        (!(digits | letters) | self.word) & HIGH
    }

    /// Whether digits are a first half, `D800` to `DBFF`.
    const fn is_high(self) -> bool {
        matches!(self.leading(), 0x6438..=0x6462)
    }

    /// Whether digits are a second half, `DC00` to `DFFF`.
    const fn is_low(self) -> bool {
        matches!(self.leading(), 0x6463..=0x6466)
    }

    /// The first two digits, in lower case, as they sort.
    const fn leading(self) -> u32 {
        self.lower_case.swap_bytes() >> 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_known_from_all_other_bytes() {
        for byte in 0..=0xFF_u8 {
            for at in 0..4 {
                let mut bytes = *b"0aF9";
                bytes[at] = byte;
                let valid = HexDigits::new(bytes).invalid() == 0;
                assert_eq!(valid, byte.is_ascii_hexdigit(), "{bytes:x?}");
            }
        }
    }

    #[test]
    fn only_whole_characters_are_passed_over() {
        for unit in 0..=0xFFFF_u16 {
            let is_whole = char::from_u32(u32::from(unit)).is_some();
            for digits in [format!("\\u{unit:04x}"), format!("\\u{unit:04X}")] {
                let left = skip(digits.as_bytes());
                assert_eq!(left.is_empty(), is_whole, "{digits}");
                let low = format!("\\ud83d{digits}");
                let is_low = (0xDC00..=0xDFFF).contains(&unit);
                assert_eq!(skip(low.as_bytes()).is_empty(), is_low, "{low}");
                let high = format!("{digits}\\uDD25");
                let is_high = (0xD800..=0xDBFF).contains(&unit);
                assert_eq!(skip(high.as_bytes()).is_empty(), is_high, "{high}");
            }
        }
    }
}
