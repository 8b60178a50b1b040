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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a value says, in one piece and byte by byte.
    fn seconds(kind: Kind, value: &str) -> Option<u32> {
        let (mut whole, mut in_bytes) = (Wait::begin(kind), Wait::begin(kind));
        whole.push(value.as_bytes());
        value.bytes().for_each(|byte| in_bytes.push(&[byte]));
        assert_eq!(whole.seconds(), in_bytes.seconds(), "{value}");
        whole.seconds()
    }

    #[test]
    fn a_number_is_rounded_up_and_bounded() {
        for (number, wait) in [
            ("0", Some(0)),
            ("45", Some(45)),
            ("45.0", Some(45)),
            ("45.000001", Some(46)),
            ("44.20", Some(45)),
            ("4294967295", Some(u32::MAX)),
            ("4294967295.5", Some(u32::MAX)),
            ("4294967296", Some(u32::MAX)),
            ("99999999999999999999", Some(u32::MAX)),
            ("-3", None),
            ("1e2", None),
            ("1.5E-7", None),
        ] {
            assert_eq!(seconds(Kind::Number, number), wait, "{number}");
        }
    }

    #[test]
    fn a_text_is_a_whole_number_or_nothing() {
        for (text, wait) in [
            ("45", Some(45)),
            (" \t45\r\n", Some(45)),
            ("0000000000045", Some(45)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("42949672950", None),
            ("", None),
            (" ", None),
            ("4 5", None),
            ("45.0", None),
            ("+45", None),
            ("-45", None),
            ("45s", None),
            ("soon", None),
        ] {
            assert_eq!(seconds(Kind::Text, text), wait, "{text}");
            assert_eq!(Wait::of_text(text).seconds(), wait, "{text}");
        }
    }

    #[test]
    fn other_values_are_no_wait() {
        assert_eq!(Wait::new().seconds(), None);
        for kind in [Kind::Null, Kind::False, Kind::True] {
            assert_eq!(seconds(kind, ""), None);
        }
    }
}
