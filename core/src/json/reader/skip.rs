//! Passing over a string that nobody wants, without believing any of it unchecked.

use crate::json::escape::clean_ascii_run;

/// The lowest bit of every byte of a word, and the highest.
const LOW: u32 = 0x0101_0101;
const HIGH: u32 = LOW << 7;

/// Passes over what is whole within the chunk: plain ASCII, and characters written as `\uXXXX`. That is what an echo
/// of a text by PHP consists of. What it leaves is read with care, byte by byte.
#[inline(never)] // For the registers' sake.
pub(super) fn skip(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        while let Some((pair, tail)) = split_words(rest) {
            if !is_pair(pair) {
                break;
            }
            rest = tail;
        }
        rest = match rest {
            [b'\\', b'u', a, b, c, d, tail @ ..] if is_single([*a, *b, *c, *d]) => tail,
            [] | [b'\\' | b'"', ..] => return rest,
            _ => match clean_ascii_run(rest) {
                0 => return rest,
                run => rest.get(run..).unwrap_or_default(),
            },
        };
    }
}

/// The first twelve bytes as three words.
#[inline]
fn split_words(bytes: &[u8]) -> Option<([u32; 3], &[u8])> {
    let (words, rest) = bytes.split_first_chunk::<12>()?;
    let (first, words) = words.split_first_chunk()?;
    let (second, words) = words.split_first_chunk()?;
    let third = words.first_chunk()?;
    Some(([*first, *second, *third].map(u32::from_le_bytes), rest))
}

/// Whether it is a character outside the basic plane as PHP writes it: `\ud8xx\udcxx` to `\udbxx\udfxx`.
#[inline]
const fn is_pair([first, second, third]: [u32; 3]) -> bool {
    const SLASH_U_D: u32 = u32::from_be_bytes(*b"\0du\\");
    let high = first >> 24;
    let low = third >> 8 & 0xFF;
    first & 0xFF_FFFF == SLASH_U_D
        && second >> 16 | (third & 0xFF) << 16 == SLASH_U_D
        && matches!(high, 0x38 | 0x39 | 0x61 | 0x62) // 8, 9, a, b
        && matches!(low, 0x63..=0x66) // c to f
        && are_digits(second & 0xFFFF | third & !0xFFFF)
}

/// Whether the four digits are a character of their own, and no half of a pair.
#[inline]
const fn is_single(digits: [u8; 4]) -> bool {
    let [first, second, ..] = digits;
    are_digits(u32::from_le_bytes(digits)) && !(matches!(first, b'd' | b'D') && second >= b'8')
}

/// Whether all four bytes are hexadecimal digits.
#[inline]
const fn are_digits(word: u32) -> bool {
    /// Sets the highest bit of every byte below 0x80 that is this large, and disturbs no other byte.
    const fn at_least(word: u32, byte: u32) -> u32 {
        word.wrapping_add(LOW.wrapping_mul(0x80_u32.wrapping_sub(byte)))
    }
    let lower_case = word | LOW << 5;
    let digits = at_least(word, 0x30) & !at_least(word, 0x3A);
    let letters = at_least(lower_case, 0x61) & !at_least(lower_case, 0x67);
    // A byte of 0x80 or above disturbs others, but is itself found.
    (!(digits | letters) | word) & HIGH == 0
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
                assert_eq!(
                    are_digits(u32::from_le_bytes(bytes)),
                    byte.is_ascii_hexdigit(),
                    "{bytes:x?}"
                );
            }
        }
    }

    #[test]
    fn only_whole_characters_are_passed_over() {
        // Miri is slow: it sees enough of them.
        let step = if cfg!(miri) { 1021 } else { 1 };
        for unit in (0..=0xFFFF_u16).step_by(step) {
            let is_whole = char::from_u32(u32::from(unit)).is_some();
            for digits in [format!("\\u{unit:04x}"), format!("\\u{unit:04X}")] {
                let left = skip(digits.as_bytes());
                assert_eq!(left.is_empty(), is_whole, "{digits}");
            }
            let low = format!("\\ud83d\\u{unit:04x}");
            let is_low = (0xDC00..=0xDFFF).contains(&unit);
            assert_eq!(skip(low.as_bytes()).is_empty(), is_low, "{low}");
            let high = format!("\\u{unit:04x}\\udd25");
            let is_high = (0xD800..=0xDBFF).contains(&unit);
            assert_eq!(skip(high.as_bytes()).is_empty(), is_high, "{high}");
        }
    }
}
