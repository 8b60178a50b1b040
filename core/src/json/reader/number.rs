//! The grammar of numbers, byte by byte.

/// Where in a number the reader is: what may come next.
#[derive(Clone, Copy)]
pub(super) struct Number {
    next: u8,
    /// What may follow a digit of this part, besides another one.
    after_digit: u8,
}

const DIGIT: u8 = 1;
/// A digit that, if it is 0, is the last of its part.
const LEADING: u8 = 2;
const POINT: u8 = 4;
const EXPONENT: u8 = 8;
const SIGN: u8 = 16;
const END: u8 = 32;

impl Number {
    /// No number at all.
    pub(super) const fn new() -> Self {
        Self {
            next: 0,
            after_digit: 0,
        }
    }

    /// Before a number that begins with this byte.
    pub(super) const fn begin(byte: u8) -> Option<Self> {
        let next = match byte {
            b'-' => SIGN,
            b'0'..=b'9' => DIGIT | LEADING,
            _ => return None,
        };
        Some(Self {
            next,
            after_digit: POINT | EXPONENT | END,
        })
    }

    /// Goes on in the number; false where the byte is no part of it.
    pub(super) const fn takes(&mut self, byte: u8) -> bool {
        let (token, next) = match byte {
            b'0' if self.next & LEADING != 0 => (LEADING, self.after_digit),
            b'0'..=b'9' => (DIGIT, DIGIT | self.after_digit),
            b'.' => (POINT, DIGIT),
            b'e' | b'E' => (EXPONENT, DIGIT | SIGN),
            // The sign of the number itself is all there is before the first digit.
            b'-' if self.next == SIGN => (SIGN, DIGIT | LEADING),
            b'+' | b'-' => (SIGN, DIGIT),
            _ => return false,
        };
        if self.next & token == 0 {
            return false;
        }
        match token {
            POINT => self.after_digit = EXPONENT | END,
            EXPONENT => self.after_digit = END,
            _ => {}
        }
        self.next = next;
        true
    }

    /// Whether it is complete.
    pub(super) const fn may_end(self) -> bool {
        self.next & END != 0
    }
}
