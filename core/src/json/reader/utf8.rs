//! UTF-8 outside of ASCII, a byte at a time.

/// What the next bytes of a character may be (Unicode, table 3-7: well-formed byte sequences).
#[derive(Clone, Copy)]
pub(super) struct Utf8 {
    /// Continuation bytes still to come.
    left: u8,
    /// The next of them must lie in this range.
    low: u8,
    high: u8,
}

impl Utf8 {
    /// Between two characters.
    pub(super) const fn new() -> Self {
        Self {
            left: 0,
            low: 0x80,
            high: 0xBF,
        }
    }

    /// Whether a character is begun and not yet whole.
    pub(super) const fn is_inside(self) -> bool {
        self.left > 0
    }

    /// Takes a byte of 0x80 or above between two characters, or any byte inside one; false where it does not fit.
    pub(super) const fn accepts(&mut self, byte: u8) -> bool {
        if self.left > 0 {
            let fits = self.low <= byte && byte <= self.high;
            *self = Self {
                left: self.left.wrapping_sub(1),
                low: 0x80,
                high: 0xBF,
            };
            return fits;
        }
        let (left, low, high) = match byte {
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF), // no overlong forms
            0xED => (2, 0x80, 0x9F), // no surrogates
            0xE1..=0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF), // no overlong forms
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F), // nothing above U+10FFFF
            _ => return false,
        };
        *self = Self { left, low, high };
        true
    }
}
