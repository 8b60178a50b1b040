//! Arbitrary texts, with what JSON, UTF-8 and people make difficult.

use proptest::collection::vec;
use proptest::prelude::*;

/// A character: plain, to be escaped, outside ASCII, outside the Basic Multilingual Plane.
pub fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => prop::sample::select(vec!['"', '\\', '/', '\n', '\r', '\t', '\u{8}', '\u{c}', '\0', '\u{1f}', '\u{7f}']),
        1 => proptest::char::range('\u{80}', '\u{7ff}'),
        1 => proptest::char::range('\u{800}', '\u{ffff}'),
        1 => proptest::char::range('\u{1_0000}', '\u{10_ffff}'),
        1 => prop::sample::select(vec!['🔥', '°', '\u{200d}', '\u{fe0f}', '\u{2028}', '漢', '\u{ffff}', '\u{d7ff}', '\u{e000}']),
    ]
}

/// A text of this many characters.
pub fn text(
    characters: impl Into<proptest::collection::SizeRange>,
) -> impl Strategy<Value = String> {
    vec(character(), characters).prop_map(|characters| characters.into_iter().collect())
}

/// A text with something in it: it has a character that is not a space.
pub fn filled(characters: core::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    text(characters).prop_filter("blank", |text| {
        text.chars().any(|c| !c.is_ascii_whitespace())
    })
}

/// A value that Meta lets into a template.
pub fn template_value() -> impl Strategy<Value = String> {
    filled(1..=40)
        .prop_map(|text| {
            text.replace(['\n', '\r', '\t'], " ·")
                .replace("     ", "    ·")
        })
        .prop_filter("too many spaces", |text| !text.contains("     "))
}

/// A URL.
pub fn url() -> impl Strategy<Value = String> {
    "https?://[a-z0-9]{1,12}(\\.[a-z]{2,6}){1,2}(:[1-9][0-9]{0,3})?(/([A-Za-z0-9._~äö-]|%[0-9A-F]{2}){0,8}){0,3}(\\?[a-z]=[0-9/]{0,4})?"
}

/// A phone number that every endpoint takes.
pub fn number() -> impl Strategy<Value = String> {
    "\\+[1-9][0-9]{8,13}"
}
