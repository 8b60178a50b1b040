//! Looks in a text, as it arrives, for the words that mean that the 24-hour window is closed: `24-hour`, `24 hour`,
//! `re-engagement`, `131047`, `template required` and `session not active`, ASCII letters in either case. The API has no
//! code for it, only texts; these were seen.
//!
//! Each is found by its first four bytes, which come again in none of them, so that one place in one of them is all there
//! is to remember.

/// The first four bytes of each text, as a number, and where its rest begins in [`RESTS`]; at the place that [`slot_of`] tells.
const STARTS: [(u32, u8); 8] = [
    start(*b"sess", 32),
    (0, 0),
    start(*b"re-e", 5),
    (0, 0),
    start(*b"24 h", 1),
    start(*b"24-h", 1),
    start(*b"1310", 15),
    start(*b"temp", 18),
];

/// What follows the starts, each up to a zero.
const RESTS: &[u8] = b"\0our\0ngagement\x0047\0late required\0ion not active\0";

const fn start(bytes: [u8; 4], rest: u8) -> (u32, u8) {
    (u32::from_be_bytes(bytes), rest)
}

/// Where a start is, if it is one: the highest bits of a product with a number that brings each to a place of its own.
fn slot_of(bytes: u32) -> Option<&'static (u32, u8)> {
    let slot = bytes.wrapping_mul(1227) >> 29;
    STARTS.get(usize::try_from(slot).unwrap_or_default())
}

/// What the end of what was read so far may belong to.
#[derive(Clone, Copy)]
pub(super) struct WindowWords {
    /// The last four bytes, the last one lowest.
    last: u32,
    /// The byte of [`RESTS`] that must come next; 0 where no text has begun.
    next: u8,
}

impl WindowWords {
    pub(super) const fn new() -> Self {
        Self { last: 0, next: 0 }
    }

    /// Takes more of the text; true where one of the texts has become complete, which is all there is to know.
    pub(super) fn push(&mut self, run: &[u8]) -> bool {
        let Self { mut last, mut next } = *self;
        for byte in run {
            let byte = byte.to_ascii_lowercase();
            last = last << 8 | u32::from(byte);
            if next != 0 {
                next = if byte == rest(next) {
                    next.wrapping_add(1)
                } else {
                    0
                };
                if next != 0 && rest(next) == 0 {
                    return true;
                }
            }
            if let Some((start, rest)) = slot_of(last) {
                if *start == last {
                    next = *rest;
                }
            }
        }
        *self = Self { last, next };
        false
    }
}

fn rest(at: u8) -> u8 {
    RESTS.get(usize::from(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&[u8]; 6] = [
        b"24-hour",
        b"24 hour",
        b"re-engagement",
        b"131047",
        b"template required",
        b"session not active",
    ];

    #[test]
    fn a_text_does_not_begin_within_another_or_itself() {
        for text in TEXTS {
            assert!(WindowWords::new().push(text), "{text:?}");
            assert!(!WindowWords::new().push(&text[..text.len() - 1]));
            for start in TEXTS.map(|text| &text[..4]) {
                let again = text[1..].windows(4).any(|bytes| bytes == start);
                assert!(!again, "{start:?} in {text:?}");
            }
        }
    }

    #[test]
    fn zeros_are_no_text() {
        assert!(!WindowWords::new().push(b"24-h\0\0 24-ho\0r 24-hou\0\0\0\0\0\0r"));
    }

    #[test]
    fn the_texts_are_found_in_any_case_at_any_split_and_after_a_false_start() {
        for text in [
            "Message outside 24-hour window",
            "after 24 HOURS",
            "Re-engagement message",
            "(#13131047)",
            "(#1131047)",
            "sesession not active",
            "ssession not active",
            "24-24-hour",
            "Templatemplate required",
            "Session not active — template required",
            "session not activ session not active",
        ] {
            assert!(WindowWords::new().push(text.as_bytes()), "{text}");
            let mut words = WindowWords::new();
            assert!(text.bytes().any(|byte| words.push(&[byte])), "{text}");
        }
        assert!(
            !WindowWords::new()
                .push(b"24-hou r, 13104, template  required, Number not on WhatsApp")
        );
    }
}
