//! What is encoded.

/// To whom.
pub const TO: &str = "+14155551234";

/// What a freezer has to say: 160 characters.
pub const ALERT: &str = "Freezer 3 in hall 2 is at -3.5 C and was at -18 C an hour ago. The door is shut and the \
                         compressor does not run. Please look after it before 15:00, then tap OK.";

/// 4096 characters as they stand in a text.
pub const CLEAN: &str = text(&repeated::<4096>(
    b"Pump 7 runs at 2900 rpm and 41 C; all is well. ",
));

/// 4096 characters that take four bytes each.
pub const EMOJI: &str = text(&repeated::<{ 4 * 4096 }>("🔥".as_bytes()));

/// 4096 characters, every eighth of which needs an escape.
pub const ESCAPES: &str = text(&repeated::<4096>(b"\"Pump 7 \\stopped\nTank 4 "));

/// The text above the buttons.
pub const BUTTONS_BODY: &str = "Pump 7 has stopped. Who goes?";

/// What a tap on each of them says.
pub const BUTTON_IDS: [&str; 3] = ["go-7", "later-7", "not-me-7"];

/// What stands on the buttons.
pub const BUTTON_TITLES: [&str; 3] = ["I go", "In an hour", "Not me"];

/// These bytes over and over.
pub(crate) const fn repeated<const N: usize>(pattern: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut rest: &mut [u8] = &mut bytes;
    let mut at = pattern;
    while let Some((first, others)) = rest.split_first_mut() {
        if at.is_empty() {
            at = pattern;
        }
        if let Some((byte, after)) = at.split_first() {
            *first = *byte;
            at = after;
        }
        rest = others;
    }
    bytes
}

const fn text(bytes: &'static [u8]) -> &'static str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}
