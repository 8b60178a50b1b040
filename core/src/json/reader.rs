//! A strict JSON reader (RFC 8259) that takes its text in chunks of any size and keeps next to nothing of it.
//!
//! It accepts exactly what a validating parser accepts: the whole grammar, UTF-8 without overlong forms and
//! surrogates, escapes whose surrogates pair up; it nests at most [`JSON_DEPTH_MAX`] levels and never recurses.
//! What it meets goes to a [`Visitor`], decoded, in the runs in which it arrived.
//!
//! ```text
//!            { or [                                  , in an object
//!   Value ──────────▶ KeyOrEnd / ValueOrEnd      ┌──────────────────▶ Key
//!     │                                          │
//!     └─▶ Text, Word, number states ──▶ AfterValue ──▶ , in an array: Value
//!                                                └──▶ } or ]: AfterValue, one level up
//!   Key ──▶ Text ──▶ Colon ──▶ Value
//! ```

use super::escape::clean_ascii_run;
use crate::limits::JSON_DEPTH_MAX;

mod text;
mod utf8;

use text::TextReader;

/// Bytes of a key that are kept; the names that matter are shorter.
pub(crate) const KEY_MAX: usize = 32;

/// Takes what the reader meets, in the order of the text.
pub(crate) trait Visitor {
    /// An object's key, decoded; `whole` is false where only its first [`KEY_MAX`] bytes are given.
    fn key(&mut self, key: &[u8], whole: bool);
    /// A value begins. For a text: whether its characters are wanted.
    fn begin(&mut self, kind: Kind) -> bool;
    /// More bytes of a text that is wanted. A character may be spread over two calls.
    fn text(&mut self, run: &[u8]);
    /// The text that was begun is complete.
    fn text_end(&mut self);
    /// The number that was begun.
    fn number(&mut self, number: Number);
    /// The boolean that was begun.
    fn boolean(&mut self, value: bool);
    /// The array or object that was begun last is complete.
    fn end(&mut self);
}

/// What kind of value begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Text,
    Number,
    Boolean,
    Null,
}

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
    /// One that begins with this digit.
    const fn starting(digit: u64) -> Self {
        Self {
            negative: false,
            integer: Some(digit),
            tail: Tail::Nothing,
        }
    }

    /// The value, where it is written as a plain whole number.
    pub(crate) fn as_u64(self) -> Option<u64> {
        self.integer
            .filter(|_| !self.negative && self.tail == Tail::Nothing)
    }
}

/// The text is not JSON, or nests too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The reader's state between two chunks.
pub(crate) struct Reader {
    state: State,
    /// One bit a level, the innermost lowest: 1 is an object.
    objects: u32,
    depth: u8,
    /// The string being read is a key.
    in_key: bool,
    /// The string being read is wanted by the visitor.
    wanted: bool,
    key: [u8; KEY_MAX],
    key_len: u8,
    key_whole: bool,
    text: TextReader,
    number: Number,
    /// What is still to come of `true`, `false` or `null`.
    word: &'static [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value must come.
    Value,
    /// A value or `]`.
    ValueOrEnd,
    /// A key must come.
    Key,
    /// A key or `}`.
    KeyOrEnd,
    Colon,
    /// A comma or a closing bracket; at the outermost level nothing but space.
    AfterValue,
    /// Inside a string.
    Text,
    /// Inside `true`, `false` or `null`.
    Word,
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
    Malformed,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Value,
            objects: 0,
            depth: 0,
            in_key: false,
            wanted: false,
            key: [0; KEY_MAX],
            key_len: 0,
            key_whole: true,
            text: TextReader::new(),
            number: Number::starting(0),
            word: &[],
        }
    }

    /// Reads a chunk. After an error every further chunk is an error.
    ///
    /// The visitor is a trait object so that all kinds of answers share this code: one copy of it in flash.
    pub(crate) fn feed(
        &mut self,
        chunk: &[u8],
        visitor: &mut dyn Visitor,
    ) -> Result<(), Malformed> {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.state == State::Text {
                rest = self.string(rest, visitor)?;
                continue;
            }
            let Some((byte, tail)) = rest.split_first() else {
                break;
            };
            rest = tail;
            if let Err(malformed) = self.byte(*byte, visitor) {
                self.state = State::Malformed;
                return Err(malformed);
            }
        }
        Ok(())
    }

    /// Whether what was read is one whole JSON text.
    pub(crate) fn finish(&mut self, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        // Within a container a number that is not followed by anything may be the start of a longer one.
        if self.depth == 0 && self.is_number_end() {
            self.end_number(visitor);
        }
        if self.state == State::AfterValue && self.depth == 0 {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// Whether the text was found not to be JSON, whatever may follow.
    pub(crate) fn is_malformed(&self) -> bool {
        self.state == State::Malformed
    }

    /// Reads on in a string; gives back what follows it.
    fn string<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let read = if self.in_key {
            if let Some((key, rest)) = self.whole_key(chunk) {
                self.state = State::Colon;
                visitor.key(key, true);
                return Ok(rest);
            }
            let Self {
                text,
                key,
                key_len,
                key_whole,
                ..
            } = self;
            text.read(
                chunk,
                Some(&mut |run| {
                    let (_, free) = key
                        .split_at_mut_checked(usize::from(*key_len))
                        .unwrap_or_default();
                    let fits = run.len().min(free.len());
                    for (to, from) in free.iter_mut().zip(run) {
                        *to = *from;
                    }
                    *key_len = key_len.wrapping_add(u8::try_from(fits).unwrap_or_default());
                    *key_whole &= fits == run.len();
                }),
            )
        } else if self.wanted {
            self.text.read(chunk, Some(&mut |run| visitor.text(run)))
        } else {
            self.text.read(chunk, None)
        };
        let Ok((rest, ended)) = read else {
            self.state = State::Malformed;
            return Err(Malformed);
        };
        if ended && self.in_key {
            visitor.key(
                self.key
                    .get(..usize::from(self.key_len))
                    .unwrap_or_default(),
                self.key_whole,
            );
            self.state = State::Colon;
        } else if ended {
            if self.wanted {
                visitor.text_end();
            }
            self.state = State::AfterValue;
        }
        Ok(rest)
    }

    /// The common case: a short key, plain ASCII, whole within the chunk. Needs no copy.
    fn whole_key<'c>(&self, chunk: &'c [u8]) -> Option<(&'c [u8], &'c [u8])> {
        if self.key_len > 0 || !self.text.is_between_characters() {
            return None;
        }
        let (key, rest) = chunk.split_at_checked(clean_ascii_run(chunk))?;
        match rest {
            [b'"', rest @ ..] if key.len() <= KEY_MAX => Some((key, rest)),
            _ => None,
        }
    }

    /// Reads a byte outside of strings.
    fn byte(&mut self, byte: u8, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        match self.state {
            State::Text | State::Malformed => return Err(Malformed),
            State::Word => return self.word(byte),
            State::Minus
            | State::Zero
            | State::Integer
            | State::Point
            | State::Fraction
            | State::Exponent
            | State::ExponentSign
            | State::ExponentDigits => {
                if self.digit(byte) {
                    return Ok(());
                }
                if !self.is_number_end() {
                    return Err(Malformed);
                }
                self.end_number(visitor);
            }
            _ => {}
        }
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return Ok(());
        }
        match (self.state, byte) {
            (State::ValueOrEnd, b']') | (State::KeyOrEnd, b'}') => self.close(visitor),
            (State::Value | State::ValueOrEnd, _) => return self.begin(byte, visitor),
            (State::Key | State::KeyOrEnd, b'"') => {
                self.in_key = true;
                self.key_len = 0;
                self.key_whole = true;
                self.state = State::Text;
            }
            (State::Colon, b':') => self.state = State::Value,
            (State::AfterValue, _) if self.depth > 0 => match (byte, self.objects & 1 == 1) {
                (b',', true) => self.state = State::Key,
                (b',', false) => self.state = State::Value,
                (b'}', true) | (b']', false) => self.close(visitor),
                _ => return Err(Malformed),
            },
            _ => return Err(Malformed),
        }
        Ok(())
    }

    /// The first byte of a value.
    fn begin(&mut self, byte: u8, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        let (kind, state) = match byte {
            b'"' => (Kind::Text, State::Text),
            b'{' => (Kind::Object, State::KeyOrEnd),
            b'[' => (Kind::Array, State::ValueOrEnd),
            b't' | b'f' => (Kind::Boolean, State::Word),
            b'n' => (Kind::Null, State::Word),
            b'-' => (Kind::Number, State::Minus),
            b'0' => (Kind::Number, State::Zero),
            b'1'..=b'9' => (Kind::Number, State::Integer),
            _ => return Err(Malformed),
        };
        if matches!(kind, Kind::Object | Kind::Array) {
            if self.depth == JSON_DEPTH_MAX {
                return Err(Malformed);
            }
            self.depth = self.depth.wrapping_add(1);
            self.objects = self.objects << 1 | u32::from(kind == Kind::Object);
        }
        self.state = state;
        self.in_key = false;
        self.wanted = visitor.begin(kind);
        match byte {
            b't' => {
                self.word = b"rue";
                visitor.boolean(true);
            }
            b'f' => {
                self.word = b"alse";
                visitor.boolean(false);
            }
            b'n' => self.word = b"ull",
            b'-' => {
                self.number = Number {
                    negative: true,
                    ..Number::starting(0)
                }
            }
            b'0'..=b'9' => self.number = Number::starting(u64::from(byte & 0xF)),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, visitor: &mut dyn Visitor) {
        self.depth = self.depth.wrapping_sub(1);
        self.objects >>= 1;
        self.state = State::AfterValue;
        visitor.end();
    }

    fn word(&mut self, byte: u8) -> Result<(), Malformed> {
        match self.word.split_first() {
            Some((expected, rest)) if *expected == byte => {
                self.word = rest;
                if rest.is_empty() {
                    self.state = State::AfterValue;
                }
                Ok(())
            }
            _ => Err(Malformed),
        }
    }

    /// Goes on in a number; false where the byte is no part of it.
    fn digit(&mut self, byte: u8) -> bool {
        let next = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus, b'1'..=b'9') | (State::Integer, b'0'..=b'9') => {
                let digit = u64::from(byte & 0xF);
                self.number.integer = self
                    .number
                    .integer
                    .and_then(|number| number.checked_mul(10)?.checked_add(digit));
                State::Integer
            }
            (State::Zero | State::Integer, b'.') => {
                self.number.tail = Tail::Zeros;
                State::Point
            }
            (State::Point | State::Fraction, b'0'..=b'9') => {
                if byte != b'0' {
                    self.number.tail = Tail::Fraction;
                }
                State::Fraction
            }
            (State::Zero | State::Integer | State::Fraction, b'e' | b'E') => {
                self.number.tail = Tail::Exponent;
                State::Exponent
            }
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, b'0'..=b'9') => {
                State::ExponentDigits
            }
            _ => return false,
        };
        self.state = next;
        true
    }

    /// Whether a number may end here.
    const fn is_number_end(&self) -> bool {
        matches!(
            self.state,
            State::Zero | State::Integer | State::Fraction | State::ExponentDigits
        )
    }

    fn end_number(&mut self, visitor: &mut dyn Visitor) {
        visitor.number(self.number);
        self.state = State::AfterValue;
    }
}

#[cfg(test)]
mod tests;
