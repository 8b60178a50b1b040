//! Numbers, digit by digit.

use super::Malformed;

/// A number, as far as anybody here asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) negative: bool,
    /// The digits before the point, where they fit.
    pub(crate) integer: Option<u64>,
    pub(crate) tail: Tail,
}

/// What follows the integer part of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    Nothing,
    /// A point, and zeros behind it.
    Zeros,
    /// A point, and a digit other than 0 behind it.
    Fraction,
    /// An exponent, so the rest means little.
    Exponent,
}

impl Number {
    /// The value, where it is written as a plain whole number.
    pub(crate) fn as_u64(&self) -> Option<u64> {
        self.integer
            .filter(|_| !self.negative && self.tail == Tail::Nothing)
    }
}

/// A number that is being read.
pub(super) struct NumberReader {
    state: State,
    number: Number,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// After `-`.
    Minus,
    /// After a leading 0.
    Zero,
    Integer,
    /// After the point.
    Point,
    Fraction,
    /// After `e`.
    Exponent,
    /// After `e+`.
    ExponentSign,
    ExponentDigits,
}

impl NumberReader {
    /// Before the first digit.
    pub(super) const fn new() -> Self {
        Self {
            state: State::Minus,
            number: Number {
                negative: false,
                integer: Some(0),
                tail: Tail::Nothing,
            },
        }
    }

    /// Begins at a number's first byte.
    pub(super) fn begin(&mut self, byte: u8) -> Result<(), Malformed> {
        *self = Self::new();
        self.number.negative = byte == b'-';
        if self.number.negative || self.takes(byte) {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// Goes on in the number; false where the byte is no part of it.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        let digit = byte.wrapping_sub(b'0');
        self.state = if digit < 10 {
            match self.state {
                State::Integer => {
                    let number = &mut self.number.integer;
                    *number =
                        number.and_then(|number| number.checked_mul(10)?.checked_add(digit.into()));
                    State::Integer
                }
                State::Minus => {
                    self.number.integer = Some(digit.into());
                    if digit == 0 {
                        State::Zero
                    } else {
                        State::Integer
                    }
                }
                State::Zero => return false,
                State::Point | State::Fraction => {
                    if digit != 0 {
                        self.number.tail = Tail::Fraction;
                    }
                    State::Fraction
                }
                State::Exponent | State::ExponentSign | State::ExponentDigits => {
                    State::ExponentDigits
                }
            }
        } else {
            match (byte, self.state) {
                (b'.', State::Zero | State::Integer) => {
                    self.number.tail = Tail::Zeros;
                    State::Point
                }
                (b'e' | b'E', State::Zero | State::Integer | State::Fraction) => {
                    self.number.tail = Tail::Exponent;
                    State::Exponent
                }
                (b'+' | b'-', State::Exponent) => State::ExponentSign,
                _ => return false,
            }
        };
        true
    }

    /// The number, if it may end here.
    pub(super) const fn finish(&self) -> Result<&Number, Malformed> {
        match self.state {
            State::Zero | State::Integer | State::Fraction | State::ExponentDigits => {
                Ok(&self.number)
            }
            _ => Err(Malformed),
        }
    }
}
