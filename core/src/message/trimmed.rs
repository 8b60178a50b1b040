//! `str::trim`, without the table of all characters that it brings along.

/// The text without the spaces at its ends, as bytes.
pub(super) fn trimmed(text: &str) -> &[u8] {
    let mut text = text.as_bytes();
    if let [b'!'..=b'~', .., b'!'..=b'~'] = text {
        return text; // As nearly every text.
    }
    while let (1.., Some(after)) = (leading_space(text), text.get(leading_space(text)..)) {
        text = after;
    }
    let last = |text: &[u8]| text.iter().rposition(|byte| byte & 0xC0 != 0x80);
    while let Some((before, space)) = last(text).and_then(|at| text.split_at_checked(at)) {
        if leading_space(space) == 0 {
            break;
        }
        text = before;
    }
    text
}

/// How many bytes the space has that the text begins with: one of those that Unicode calls white, in UTF-8.
const fn leading_space(text: &[u8]) -> usize {
    match text {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xC2, 0x85 | 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "it would take Miri too long")]
    fn every_character_is_trimmed_that_the_standard_library_trims() {
        // Behind the last space that Unicode has, one in a hundred is enough: mutation testing runs this a thousand times.
        let counts = |character: &char| *character < '\u{3100}' || u32::from(*character) % 97 == 0;
        for character in ('\0'..=char::MAX).filter(counts) {
            for text in [
                format!("{character}a{character}b{character}"),
                format!(" {character}{character} \u{a0}"),
            ] {
                assert_eq!(trimmed(&text), text.trim().as_bytes(), "{character:?}");
            }
        }
        assert_eq!(trimmed(""), b"");
    }
}
