//! Looks in a text, as it arrives, for the words that mean that the 24-hour window is closed.

/// The API has no code for it, only texts; these were seen. ASCII letters match in either case. Each is found by its first
/// four bytes, which come again in none of them.
const TEXTS: [(&[u8; 4], &[u8]); 6] = [
    (b"24-h", b"our"),
    (b"24 h", b"our"),
    (b"re-e", b"ngagement"),
    (b"1310", b"47"),
    (b"temp", b"late required"),
    (b"sess", b"ion not active"),
];

/// Which text the end of what was read so far may belong to.
#[derive(Clone, Copy)]
pub(super) struct WindowWords {
    /// The last four bytes, the last one lowest.
    last: u32,
    /// The text that began last, and how much of its rest was read; one that is not there when there is none.
    text: u8,
    matched: u8,
}

impl WindowWords {
    const NONE: u8 = u8::MAX;

    pub(super) const fn new() -> Self {
        Self {
            last: 0,
            text: Self::NONE,
            matched: 0,
        }
    }

    /// Takes more of the text; true where one of the texts has become complete.
    pub(super) fn push(&mut self, run: &[u8]) -> bool {
        let mut found = false;
        for byte in run {
            let byte = byte.to_ascii_lowercase();
            self.last = self.last << 8 | u32::from(byte);
            if let Some((_, rest)) = TEXTS.get(usize::from(self.text)) {
                if rest.get(usize::from(self.matched)) == Some(&byte) {
                    self.matched = self.matched.wrapping_add(1);
                    found |= usize::from(self.matched) == rest.len();
                } else {
                    self.text = Self::NONE;
                }
            }
            // The first four bytes of a text end with one of these.
            if matches!(byte, b'h' | b'e' | b'0' | b'p' | b's') {
                for (text, (start, _)) in (0..).zip(&TEXTS) {
                    if self.last == u32::from_be_bytes(**start) {
                        (self.text, self.matched) = (text, 0);
                    }
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_does_not_begin_within_another_or_itself() {
        for (start, rest) in TEXTS {
            let text = [start, rest].concat();
            assert!(WindowWords::new().push(&text), "{text:?}");
            for (start, _) in TEXTS {
                let again = text[1..].windows(start.len()).any(|bytes| bytes == start);
                assert!(!again, "{start:?} in {text:?}");
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
