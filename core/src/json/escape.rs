//! What must be escaped inside a JSON string, found a machine word at a time.

/// Bytes of a machine word.
pub(crate) const WORD: usize = size_of::<usize>();
/// The lowest bit of every byte of a word.
const LOW: usize = usize::MAX / 0xFF;
/// The highest bit of every byte of a word.
const HIGH: usize = LOW << 7;
/// Makes a space of a quote and a quote of a space.
const SPACE_TO_QUOTE: usize = LOW * 2;
/// A word of backslashes.
const BACKSLASHES: usize = LOW * 0x5C;

/// Several bytes of a text, in the order of the text from the lowest bits on.
#[derive(Clone, Copy)]
pub(crate) struct Word(usize);

impl Word {
    #[inline]
    pub(crate) const fn new(bytes: [u8; WORD]) -> Self {
        Self(usize::from_le_bytes(bytes))
    }

    /// The highest bit of each byte that must be escaped, `"`, `\\` or a control character, and perhaps of bytes
    /// above the lowest of them.
    #[inline]
    const fn hits(self) -> usize {
        // The borrow of a byte can only disturb the bytes above it, so the lowest hit is always true. A byte of 0x80
        // and above is no hit, and its highest bit stays set under both exclusive-ors. The first of them changes the
        // places of space and quote, so that what is below 0x21 then are the control characters and the quote.
        self.hits_or_high() & !self.0 & HIGH
    }

    /// As [`hits`](Self::hits), with other bits set too, and the highest ones of bytes of 0x80 and above are void.
    #[inline]
    const fn hits_or_high(self) -> usize {
        let control_or_quote = (self.0 ^ SPACE_TO_QUOTE).wrapping_sub(LOW * 0x21);
        let backslash = (self.0 ^ BACKSLASHES).wrapping_sub(LOW);
        control_or_quote | backslash
    }

    /// How many bytes stand before the first that must be escaped; `None` where there is none.
    #[inline]
    pub(crate) const fn clean_bytes(self) -> Option<usize> {
        bytes_before(self.hits())
    }

    /// How many bytes stand before the first that must be escaped or is not ASCII; `None` where there is none.
    #[inline]
    const fn clean_ascii_bytes(self) -> Option<usize> {
        bytes_before((self.hits_or_high() | self.0) & HIGH)
    }

    #[inline]
    pub(crate) const fn is_ascii(self) -> bool {
        self.0 & HIGH == 0
    }

    /// What is ASCII only where both are.
    #[inline]
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How many bytes stand before the first whose highest bit is set.
#[inline]
const fn bytes_before(hits: usize) -> Option<usize> {
    if hits == 0 {
        return None;
    }
    #[allow(clippy::as_conversions)]
    // `try_from` is not const, and this is less than the bits of a word
    let bit = hits.trailing_zeros() as usize;
    Some(bit >> 3)
}

/// Whether the byte must be escaped.
#[cfg(test)]
const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// What stands for a special byte inside a JSON string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// A backslash and a letter.
    Short([u8; 2]),
    /// `\u00XX`
    Long([u8; 6]),
}

/// The letters of the control characters' short escapes; `u` where there is none.
const LETTERS: [u8; 0x20] = *b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

impl Escape {
    #[inline]
    pub(crate) fn of(byte: u8) -> Self {
        match LETTERS.get(usize::from(byte)).unwrap_or(&byte) {
            b'u' => {
                let high = b'0' | byte >> 4; // 0 or 1: control characters end at 0x1F
                let low = byte & 0xF;
                let low = if low < 10 {
                    b'0' | low
                } else {
                    low.wrapping_add(b'a' - 10)
                };
                Self::Long([b'\\', b'u', b'0', b'0', high, low])
            }
            letter => Self::Short([b'\\', *letter]),
        }
    }
}

/// How many characters begin in these bytes of UTF-8.
pub(crate) fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The length of the longest start of `bytes` that may stand in a JSON string as it is.
pub(crate) fn clean_run(bytes: &[u8]) -> usize {
    run(bytes, Word::clean_bytes)
}

/// The length of the longest start of `bytes` that is ASCII and may stand in a JSON string as it is.
#[inline]
pub(crate) fn clean_ascii_run(bytes: &[u8]) -> usize {
    run(bytes, Word::clean_ascii_bytes)
}

/// How far all is clean, when `clean` tells it of a word.
#[inline]
fn run(bytes: &[u8], clean: impl Fn(Word) -> Option<usize>) -> usize {
    let mut tail = bytes;
    while let Some((word, rest)) = tail.split_first_chunk() {
        if let Some(clean) = clean(Word::new(*word)) {
            return bytes.len().wrapping_sub(tail.len()).wrapping_add(clean);
        }
        tail = rest;
    }
    let in_words = bytes.len() & !(WORD - 1);
    in_words.wrapping_add(clean(last_word(bytes)).unwrap_or_default())
}

/// The bytes behind the last whole word, as a word that is filled up with zeros, which are not clean.
#[inline(never)] // It is needed once a chunk.
fn last_word(bytes: &[u8]) -> Word {
    // No copy: `memcpy` would take more of the stack than all the rest.
    let last = bytes.chunks_exact(WORD).remainder().iter().rev();
    Word(last.fold(0, |word, byte| word << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "it would take Miri too long")]
    fn a_word_is_clean_up_to_every_special_byte_at_every_place() {
        for special in 0..=0xFF_u8 {
            for at in 0..WORD {
                for around in [b'x', b'!', 0x7F, 0x80, 0xFF] {
                    let mut bytes = [around; WORD];
                    bytes[at] = special;
                    let expected = is_special(special).then_some(at);
                    assert_eq!(Word::new(bytes).clean_bytes(), expected, "{bytes:x?}");
                }
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "it would take Miri too long")]
    fn a_clean_ascii_run_ends_at_every_other_byte_at_every_place() {
        for other in 0..=0xFF_u8 {
            for at in 0..19 {
                let mut bytes = [b'x'; 19];
                bytes[at] = other;
                let expected = if is_special(other) || other >= 0x80 {
                    at
                } else {
                    19
                };
                assert_eq!(clean_ascii_run(&bytes), expected, "byte {other:#x} at {at}");
            }
        }
    }

    #[test]
    fn escapes_are_the_shortest_that_json_has() {
        assert_eq!(Escape::of(b'"'), Escape::Short(*b"\\\""));
        assert_eq!(Escape::of(b'\\'), Escape::Short(*b"\\\\"));
        for (byte, letter) in [(8, b'b'), (9, b't'), (10, b'n'), (12, b'f'), (13, b'r')] {
            assert_eq!(Escape::of(byte), Escape::Short([b'\\', letter]));
        }
        assert_eq!(Escape::of(0x1F), Escape::Long(*b"\\u001f"));
        assert_eq!(Escape::of(0x1A), Escape::Long(*b"\\u001a"));
        assert_eq!(Escape::of(0x0B), Escape::Long(*b"\\u000b"));
        assert_eq!(Escape::of(0x00), Escape::Long(*b"\\u0000"));
    }
}
