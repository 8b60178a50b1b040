//! The wait that the API asks for.

use crate::json::reader::Kind;

/// A wait in seconds, as its characters arrive: a number, or a text that is nothing but a whole number.
///
/// A fraction is rounded up, and a number that is too large is the longest wait; any other value says nothing.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    seconds: u32,
    state: State,
    is_number: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is no wait.
    Invalid,
    /// Nothing but white space so far.
    Empty,
    Digits,
    /// White space behind the digits of a text.
    Space,
    /// Zeros, if anything, behind the point.
    Whole,
    /// Another digit behind the point.
    Fraction,
}

impl Wait {
    pub(super) const fn new() -> Self {
        Self {
            seconds: 0,
            state: State::Invalid,
            is_number: false,
        }
    }

    /// A value begins.
    pub(super) fn begin(kind: Kind) -> Self {
        let is_number = kind == Kind::Number;
        let state = if is_number || kind == Kind::Text {
            State::Empty
        } else {
            State::Invalid
        };
        Self {
            seconds: 0,
            state,
            is_number,
        }
    }

    /// The wait that a text asks for.
    pub(super) fn of_text(text: &str) -> Self {
        let mut wait = Self::begin(Kind::Text);
        wait.push(text.as_bytes());
        wait
    }

    #[inline(never)] // Most values are others.
    pub(super) fn push(&mut self, run: &[u8]) {
        for byte in run {
            self.state = self.after(*byte);
        }
    }

    fn after(&mut self, byte: u8) -> State {
        match (self.state, byte) {
            (State::Empty | State::Digits, b'0'..=b'9') => {
                let digit = u32::from(byte & 0xF);
                let seconds = self.seconds.checked_mul(10);
                let seconds = seconds.and_then(|tens| tens.checked_add(digit));
                if seconds.is_none() && !self.is_number {
                    return State::Invalid;
                }
                self.seconds = seconds.unwrap_or(u32::MAX);
                State::Digits
            }
            (State::Empty, space) if space.is_ascii_whitespace() => State::Empty,
            (State::Digits | State::Space, space) if space.is_ascii_whitespace() => State::Space,
            (State::Digits, b'.') if self.is_number => State::Whole,
            (State::Whole, b'0') => State::Whole,
            (State::Whole | State::Fraction, b'0'..=b'9') => State::Fraction,
            _ => State::Invalid,
        }
    }

    /// The seconds that are asked for, now that all has arrived.
    pub(super) fn seconds(self) -> Option<u32> {
        match self.state {
            State::Invalid | State::Empty => None,
            State::Digits | State::Space | State::Whole => Some(self.seconds),
            State::Fraction => Some(self.seconds.saturating_add(1)),
        }
    }
}
