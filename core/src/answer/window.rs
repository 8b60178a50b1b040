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

/// The longest of them.
const LONGEST: usize = 18;

/// The end of the text so far, in lower case.
#[derive(Clone, Copy)]
pub(super) struct WindowWords {
    tail: [u8; LONGEST],
}

impl WindowWords {
    pub(super) const fn new() -> Self {
        Self { tail: [0; LONGEST] }
    }

    /// Takes more of the text; true where one of the texts has just become complete.
    pub(super) fn push(&mut self, run: &[u8]) -> bool {
        let mut found = false;
        for byte in run {
            let mut next = byte.to_ascii_lowercase();
            for place in self.tail.iter_mut().rev() {
                core::mem::swap(place, &mut next);
            }
            found |= TEXTS.iter().any(|text| self.tail.ends_with(text));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_text_fits() {
        assert_eq!(TEXTS.iter().map(|text| text.len()).max(), Some(LONGEST));
    }

    #[test]
    fn the_texts_are_found_in_any_case_at_any_split_and_after_a_false_start() {
        for text in [
            "Message outside 24-hour window",
            "after 24 HOURS",
            "Re-engagement message",
            "(#13131047)",
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
