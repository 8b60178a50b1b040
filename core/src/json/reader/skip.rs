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
            [] | [b'\\' | b'"', ..] => return rest,
            _ => match clean_ascii_run(rest) {
                0 => return rest,
                run => rest.get(run..).unwrap_or_default(),
            },
        };
    }
}

/// Whether it is a character outside the basic plane: `\uD8XX\uDCXX` to `\uDBXX\uDFXX`.
#[inline]
fn is_pair(bytes: [u8; 12]) -> bool {
    let [slash_1, u_1, first @ .., slash_2, u_2, d0, d1, d2, d3] = bytes;
    let second = [d0, d1, d2, d3];
    [slash_1, u_1] == *b"\\u"
        && [slash_2, u_2] == *b"\\u"
        && invalid_digits(u32::from_le_bytes(first)) | invalid_digits(u32::from_le_bytes(second))
            == 0
        && matches!(half(first), Some(Half::High))
        && matches!(half(second), Some(Half::Low))
}

/// Whether the four digits are a character of their own.
#[inline]
fn is_single(digits: [u8; 4]) -> bool {
    invalid_digits(u32::from_le_bytes(digits)) == 0 && half(digits).is_none()
}

/// Which half of a surrogate pair it is.
enum Half {
    /// `D800` to `DBFF`
    High,
    /// `DC00` to `DFFF`
    Low,
}

/// What hexadecimal digits are by the first two of them.
#[inline]
const fn half(digits: [u8; 4]) -> Option<Half> {
    // In lower case they sort by their value.
    let lower_case = u32::from_be_bytes(digits) | LOW << 5;
    match lower_case >> 16 {
        0x6438..=0x6462 => Some(Half::High),
        0x6463..=0x6466 => Some(Half::Low),
        _ => None,
    }
}

/// Sets the highest bit of every byte that is no hexadecimal digit. (Where a byte is 0x80 or above, of others perhaps,
/// too.)
#[inline]
const fn invalid_digits(word: u32) -> u32 {
    /// Sets the highest bit of every byte below 0x80 that is this large, and disturbs no other byte.
    const fn at_least(word: u32, byte: u32) -> u32 {
        word.wrapping_add(LOW.wrapping_mul(0x80_u32.wrapping_sub(byte)))
    }
    let lower_case = word | LOW << 5;
    let digits = at_least(word, 0x30) & !at_least(word, 0x3A);
    let letters = at_least(lower_case, 0x61) & !at_least(lower_case, 0x67);
    (!(digits | letters) | word) & HIGH
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
                    invalid_digits(u32::from_le_bytes(bytes)) == 0,
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
