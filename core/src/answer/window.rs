//! Looks in a text, as it arrives, for the words that mean that the 24-hour window is closed.

/// The API has no code for it, only texts; these were seen. ASCII letters match in either case.
const TEXTS: [&[u8]; 6] = [
    b"24-hour",
    b"24 hour",
    b"re-engagement",
    b"131047",
    b"template required",
    b"session not active",
];

/// How much of each text the end of what was read so far matches.
#[derive(Clone, Copy)]
pub(super) struct WindowWords {
    matched: [u8; TEXTS.len()],
    /// Nothing is matched, as almost always.
    idle: bool,
}

impl WindowWords {
    pub(super) const fn new() -> Self {
        Self {
            matched: [0; TEXTS.len()],
            idle: true,
        }
    }

    /// Takes more of the text; true where one of the texts has become complete.
    pub(super) fn push(&mut self, run: &[u8]) -> bool {
        let mut found = false;
        for byte in run {
            let byte = byte.to_ascii_lowercase();
            if self.idle && !matches!(byte, b'2' | b'r' | b'1' | b't' | b's') {
                continue;
            }
            let mut any = 0;
            for (text, matched) in TEXTS.iter().zip(&mut self.matched) {
                *matched = advance(text, *matched, byte);
                found |= usize::from(*matched) == text.len();
                any |= *matched;
            }
            self.idle = any == 0;
        }
        found
    }
}

/// How much of `text` is matched after this byte, when `matched` of it were before.
fn advance(text: &[u8], matched: u8, byte: u8) -> u8 {
    let mut matched = matched;
    loop {
        if text.get(usize::from(matched)) == Some(&byte) {
            return matched.wrapping_add(1);
        }
        if matched == 0 {
            return 0;
        }
        // What was read may end with a shorter start of the text, too: in these texts, its first two bytes at most.
        let seen = text.get(..usize::from(matched)).unwrap_or_default();
        matched = if matched > 2 && seen.last_chunk::<2>() == text.first_chunk() {
            2
        } else {
            u8::from(matched > 1 && seen.last() == text.first())
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_begin() {
        for text in TEXTS {
            assert!(WindowWords::new().push(text), "{text:?}");
        }
    }

    #[test]
    fn no_more_than_two_bytes_of_a_texts_start_come_again_in_it() {
        for text in TEXTS {
            for repeated in 3..text.len() {
                let start = &text[..repeated];
                let again = text[1..].windows(repeated).any(|bytes| bytes == start);
                assert!(!again, "{text:?} repeats {start:?}");
            }
        }
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
