//! Text into the inside of a JSON string, a machine word at a time.

/// Bytes of a machine word.
const WORD: usize = size_of::<usize>();
/// The lowest bit of every byte of a word.
const LOW: usize = usize::MAX / 0xFF;
/// The highest bit of every byte of a word.
const HIGH: usize = LOW << 7;
/// A word of spaces, of quotes, of backslashes.
const SPACES: usize = LOW * 0x20;
const QUOTES: usize = LOW * 0x22;
const BACKSLASHES: usize = LOW * 0x5C;

/// The longest start of `bytes` that may stand in a JSON string as it is, and how many characters begin in it.
///
/// What may not stand as it is: `"`, `\` and the control characters below U+0020.
#[inline]
pub(crate) fn clean_run(bytes: &[u8]) -> (usize, usize) {
    let mut tail = bytes;
    let mut characters: usize = 0;
    while let Some((word, rest)) = tail.split_first_chunk::<WORD>() {
        let word = usize::from_ne_bytes(*word);
        if has_special(word) {
            break;
        }
        characters = characters
            .wrapping_add(WORD)
            .wrapping_sub(continuation_bytes(word));
        tail = rest;
    }
    while let [byte, rest @ ..] = tail {
        if is_special(*byte) {
            break;
        }
        characters = characters.wrapping_add(usize::from(!is_continuation(*byte)));
        tail = rest;
    }
    (bytes.len().wrapping_sub(tail.len()), characters)
}

/// The length of the longest start of `bytes` that is ASCII and may stand in a JSON string as it is.
#[inline]
pub(crate) fn clean_ascii_run(bytes: &[u8]) -> usize {
    let mut tail = bytes;
    while let Some((word, rest)) = tail.split_first_chunk::<WORD>() {
        let word = usize::from_ne_bytes(*word);
        if word & HIGH != 0 || has_special(word) {
            break;
        }
        tail = rest;
    }
    while let [byte, rest @ ..] = tail {
        if *byte >= 0x80 || is_special(*byte) {
            break;
        }
        tail = rest;
    }
    bytes.len().wrapping_sub(tail.len())
}

/// What stands for `byte` inside a JSON string: its first `usize` bytes.
#[inline]
pub(crate) fn escaped(byte: u8) -> ([u8; 6], usize) {
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            let digit = |nibble: u8| {
                if nibble < 10 {
                    b'0' | nibble
                } else {
                    (b'a' - 10).wrapping_add(nibble)
                }
            };
            return (
                [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xF)],
                6,
            );
        }
    };
    ([b'\\', short, 0, 0, 0, 0], 2)
}

const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Whether a byte of the word is special. The borrow of one byte can only disturb the bytes above it, so an answer
/// of "yes" is always caused by a byte that is special.
#[inline]
const fn has_special(word: usize) -> bool {
    let below_space = word.wrapping_sub(SPACES);
    let quote = (word ^ QUOTES).wrapping_sub(LOW);
    let backslash = (word ^ BACKSLASHES).wrapping_sub(LOW);
    // A byte of 0x80 and above is none of them, and 0x80 stays set under both exclusive-ors.
    (below_space | quote | backslash) & !word & HIGH != 0
}

/// How many bytes of the word continue a UTF-8 character: those that begin with the bits 10.
#[inline]
const fn continuation_bytes(word: usize) -> usize {
    let bits = (word >> 7) & !(word >> 6) & LOW;
    bits.wrapping_mul(LOW) >> (usize::BITS - 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_run_ends_at_every_special_byte_at_every_place() {
        for special in 0..=0xFF_u8 {
            for at in 0..19 {
                let mut bytes = [b'x'; 19];
                bytes[at] = special;
                let expected = if is_special(special) { at } else { 19 };
                assert_eq!(clean_run(&bytes).0, expected, "byte {special:#x} at {at}");
            }
        }
    }

    #[test]
    fn characters_are_counted_as_code_points() {
        for text in [
            "",
            "a",
            "abcdefghij",
            "äöü",
            "a°b",
            "日本語テキスト",
            "🔥🧯🚒",
            "e\u{301}",
            "👨‍👩‍👧 home",
            "ÿÿÿÿÿÿÿÿÿÿÿ",
        ] {
            assert_eq!(
                clean_run(text.as_bytes()),
                (text.len(), text.chars().count()),
                "{text}"
            );
        }
    }

    #[test]
    fn escapes_are_the_shortest_that_json_has() {
        assert_eq!(escaped(b'"').0[..2], *b"\\\"");
        assert_eq!(escaped(b'\n'), (*b"\\n\0\0\0\0", 2));
        assert_eq!(escaped(0x1F), (*b"\\u001f", 6));
        assert_eq!(escaped(0x00), (*b"\\u0000", 6));
    }
}
