//! Looks in a text for the words that mean that the 24-hour window is closed: `24-hour`, `24 hour`, `re-engagement`,
//! `131047`, `template required` and `session not active`, ASCII letters in either case. The API has no code for it, only
//! texts; these were seen.
//!
//! Only every third place of a text is looked at. Each word has at least six bytes, so the four bytes there are those from
//! its first, its second or its third byte on; these are its starts.

use super::captured::Captured;

const WORDS: [&[u8]; 6] = [
    b"24-hour",
    b"24 hour",
    b"re-engagement",
    b"131047",
    b"template required",
    b"session not active",
];

/// Bytes that a word may have before a text's next part: one less than the longest word has.
const LAP: usize = 17;
/// From one place that is looked at to the next.
const STEP: usize = 3;
/// What makes letters small, and leaves the other bytes of the words as they are.
const SMALL: u32 = 0x2020_2020;

/// The tag of each start, at its slot: see [`hash`].
const TAGS: [u16; 32] = tables().0;
/// The word of each start and how many of its bytes stand before it, as `word * 4 + before`, at the start's slot.
const PLACES: [u8; 32] = tables().1;

#[allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation
)] // It runs in the compiler only, where all of this is an error, and the numbers are small.
const fn tables() -> ([u16; 32], [u8; 32]) {
    let (mut tags, mut places) = ([0; 32], [0; 32]);
    let mut word = 0;
    while word < WORDS.len() {
        let mut before = 0;
        while before < STEP {
            let (_, from) = WORDS[word].split_at(before);
            let Some(start) = from.first_chunk() else {
                panic!("a word has at least six bytes")
            };
            let (slot, tag) = hash(*start);
            assert!(tags[slot] == 0, "each start has a slot of its own");
            assert!(tag != 0, "no start looks like an empty slot");
            tags[slot] = tag;
            places[slot] = (word * 4 + before) as u8;
            before += 1;
        }
        assert!(WORDS[word].len() <= LAP + 1, "no word is longer");
        word += 1;
    }
    (tags, places)
}

/// Of four bytes the slot that they have if they are a start, and the tag by which nearly all others are told from it: the
/// highest bits of a product with a number that brings each start to a slot of its own, and those below them.
#[allow(clippy::as_conversions, clippy::cast_possible_truncation)] // `from` is not const; these bits are meant.
const fn hash(bytes: [u8; 4]) -> (usize, u16) {
    let product = (u32::from_le_bytes(bytes) | SMALL).wrapping_mul(0xB627);
    ((product >> 27) as usize, (product >> 11) as u16)
}

/// Whether one of the words is in a text.
pub(super) fn tells_of_window(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(bytes) = rest.first_chunk() {
        let (slot, tag) = hash(*bytes);
        if TAGS.get(slot) == Some(&tag) && is_word(text, text.len().wrapping_sub(rest.len()), slot)
        {
            return true;
        }
        rest = rest.get(STEP..).unwrap_or_default();
    }
    false
}

/// Whether the word of this slot is in the text, its start at this place.
#[inline(never)] // Few texts come near to one.
fn is_word(text: &[u8], at: usize, slot: usize) -> bool {
    let place = usize::from(PLACES.get(slot).copied().unwrap_or_default());
    let word = WORDS.get(place >> 2).copied().unwrap_or_default();
    // Where the text begins too late for the word, the difference is beyond its end.
    let from = text.get(at.wrapping_sub(place & 3)..).unwrap_or_default();
    // The comparison of slices that ignores case can panic on x86-64, as far as the linker sees.
    from.get(..word.len()).is_some_and(|bytes| {
        let mut pairs = bytes.iter().zip(word);
        pairs.all(|(byte, own)| byte.eq_ignore_ascii_case(own))
    })
}

/// Looks in a text that comes in parts: keeps the last bytes of what came.
pub(super) struct WindowWords(Captured<LAP>);

impl WindowWords {
    pub(super) const fn new() -> Self {
        Self(Captured::new())
    }

    /// Another text begins.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes the next part; whether a word is in it, or became complete by it.
    #[inline(never)] // Most texts come whole.
    pub(super) fn push(&mut self, part: &[u8]) -> bool {
        if !part.is_empty() && !part.iter().any(u8::is_ascii) {
            self.clear(); // No word has such characters.
            return false;
        }
        let mut joint = Captured::<{ 2 * LAP }>::new();
        joint.any().copy_from(self.0.any());
        joint.any().push(part);
        let joint = joint.as_bytes();
        let text = if part.len() < LAP { joint } else { part };
        let last = text.len().saturating_sub(LAP);
        self.clear();
        self.0.any().push(text.get(last..).unwrap_or_default());
        tells_of_window(joint) || tells_of_window(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is found in a text as a whole, and in the same in two parts, cut anywhere.
    fn is_found(text: &[u8]) -> bool {
        let is_found = tells_of_window(text);
        for cut in 0..=text.len() {
            let mut words = WindowWords::new();
            let (before, after) = text.split_at(cut);
            assert_eq!(
                words.push(before) || words.push(b"") || words.push(after),
                is_found,
                "{text:?} at {cut}"
            );
        }
        is_found
    }

    #[test]
    fn each_start_is_at_the_slot_of_its_word() {
        let (tags, places) = tables();
        for (slot, tag) in tags.into_iter().enumerate().filter(|(_, tag)| *tag != 0) {
            let (word, before) = (places[slot] / 4, places[slot] % 4);
            let start = &WORDS[usize::from(word)][usize::from(before)..];
            assert_eq!(hash(*start.first_chunk().unwrap()), (slot, tag));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "it would take Miri too long")]
    fn every_word_is_found_whole_and_anywhere() {
        for word in WORDS {
            for (before, after) in
                (0..4).flat_map(|before| (0..25).map(move |after| (before, after)))
            {
                let (before, after) = (vec![b'x'; before], vec![b'x'; after]);
                assert!(is_found(&[&before, word, &after].concat()), "{word:?}");
                assert!(!is_found(&[&before, &word[1..], &after].concat()));
                assert!(!is_found(
                    &[&before, &word[..word.len() - 1], &after].concat()
                ));
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "it would take Miri too long")]
    fn only_letters_are_the_same_in_either_case() {
        for word in WORDS {
            for at in 0..word.len() {
                let mut other = word.to_vec();
                other[at] ^= 0x20;
                assert_eq!(
                    is_found(&other),
                    word[at].is_ascii_alphabetic(),
                    "{other:?}"
                );
            }
        }
        assert!(!is_found(b"24-h\0\0 24-ho\0r 24-hou\0\0\0\0\0\0r"));
    }

    #[test]
    fn the_texts_are_found_at_any_split_and_after_a_false_start() {
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
            assert!(is_found(text.as_bytes()), "{text}");
            let mut words = WindowWords::new();
            assert!(text.bytes().any(|byte| words.push(&[byte])), "{text}");
        }
        let others = "24-hou r, 13104, template  required, Number not on WhatsApp";
        assert!(!is_found(others.as_bytes()));
    }
}
