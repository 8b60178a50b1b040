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
#[inline]
pub(crate) const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// What stands behind the backslash for a special byte: `u` where there is no short escape.
#[inline]
pub(crate) fn letter(special: u8) -> u8 {
    const OF_CONTROLS: [u8; 0x20] = *b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
    *OF_CONTROLS.get(usize::from(special)).unwrap_or(&special)
}

/// What is left behind [`escape_words`], and how many characters it went through.
pub(crate) struct Escaped<'t, 'w> {
    pub(crate) text: &'t [u8],
    pub(crate) window: &'w mut [u8],
    pub(crate) characters: usize,
}

/// Escapes what goes by the word, up to the last few bytes of either or to a byte that has no short escape.
#[inline]
pub(crate) fn escape_words<'t, 'w>(text: &'t [u8], window: &'w mut [u8]) -> Escaped<'t, 'w> {
    let (mut rest, mut window) = (text, window);
    let mut seen = Word(0);
    while let (Some((bytes, after)), Some(here)) =
        (rest.split_first_chunk(), window.first_chunk_mut())
    {
        // Stored whole, with what may be special in it; then only as much of it is kept as counts.
        *here = *bytes;
        let word = Word::new(*bytes);
        seen = seen.or(word);
        let Some(clean) = word.clean_bytes() else {
            rest = after;
            window = window.get_mut(WORD..).unwrap_or_default();
            continue;
        };
        let letter = bytes.get(clean).map_or(b'u', |byte| letter(*byte));
        let Some(place) = window.get_mut(clean..).and_then(<[u8]>::first_chunk_mut) else {
            break;
        };
        if letter == b'u' {
            break;
        }
        *place = [b'\\', letter];
        window = window.get_mut(clean.wrapping_add(2)..).unwrap_or_default();
        rest = rest.get(clean.wrapping_add(1)..).unwrap_or_default();
    }
    let done = text.len().wrapping_sub(rest.len());
    let characters = if seen.is_ascii() {
        done
    } else {
        count_characters(text.get(..done).unwrap_or_default())
    };
    Escaped {
        text: rest,
        window,
        characters,
    }
}

/// How many characters begin in these bytes of UTF-8.
pub(crate) fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The length of the longest start of `bytes` that is ASCII and may stand in a JSON string as it is.
#[inline(never)] // What it finds fits a register, and all strings share it.
pub(crate) fn clean_ascii_run(bytes: &[u8]) -> usize {
    let mut tail = bytes;
    while let Some((word, rest)) = tail.split_first_chunk() {
        if let Some(clean) = Word::new(*word).clean_ascii_bytes() {
            return bytes.len().wrapping_sub(tail.len()).wrapping_add(clean);
        }
        tail = rest;
    }
    last_run(bytes)
}

/// The same where all whole words are clean.
#[inline(never)] // It is needed once a chunk.
fn last_run(bytes: &[u8]) -> usize {
    let words = bytes.len() & !(WORD - 1);
    let last = bytes.get(words..).unwrap_or_default().iter();
    let clean = last.take_while(|byte| !is_special(**byte) && byte.is_ascii());
    words.wrapping_add(clean.count())
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
        assert_eq!((letter(b'"'), letter(b'\\')), (b'"', b'\\'));
        for special in 0..0x20 {
            let short = [(8, b'b'), (9, b't'), (10, b'n'), (12, b'f'), (13, b'r')];
            let expected = short.iter().find(|(byte, _)| *byte == special);
            let expected = expected.map_or(b'u', |(_, letter)| *letter);
            assert_eq!(letter(special), expected, "{special:#x}");
        }
    }
}
