//! A strict JSON reader (RFC 8259) that takes its text in chunks of any size and keeps next to nothing of it.
//!
//! It accepts exactly what a validating parser accepts: the whole grammar, UTF-8 without overlong forms and
//! surrogates, escapes whose surrogates pair up; it nests at most [`JSON_DEPTH_MAX`] levels and never recurses.
//! What it meets goes to a [`Visitor`], decoded, in the runs in which it arrived.
//!
//! Between two tokens the reader knows what may come [`Next`]; a token that a chunk's end may cut is read
//! [`Inside`] itself.
//!
//! ```text
//!   value ──▶ in an object: , or } ──,──▶ key ──▶ : ──▶ value
//!         ──▶ in an array:  , or ] ──,──▶ value
//!         ──▶ outermost: nothing
//!   {     ──▶ key or }        [ ──▶ value or ]
//! ```

use crate::answer::Captured;
use crate::limits::JSON_DEPTH_MAX;

mod character;
mod number;
mod skip;
mod string;

use character::Character;
use number::NumberReader;
pub(crate) use number::{Number, Tail};

/// Bytes of a key that are kept; the names that matter are shorter.
pub(crate) const KEY_MAX: usize = 32;

/// Takes what the reader meets, in the order of the text.
pub(crate) trait Visitor {
    /// An object's key, decoded; `whole` is false where only its first [`KEY_MAX`] bytes are given.
    fn key(&mut self, key: &[u8], whole: bool);
    /// An object or array begins.
    fn open(&mut self, container: Container);
    /// The object or array that was begun last is complete.
    fn close(&mut self);
    /// Bytes of a text; a character may be spread over two calls. Answers, where it begins, whether more is wanted.
    fn text(&mut self, run: &[u8], part: Part) -> bool;
    /// A number, once it is followed by something.
    fn number(&mut self, number: &Number);
    /// `true`, `false`, or `null`, which is none.
    fn word(&mut self, value: Option<bool>);
}

/// Which part of a text it is. It can be the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) begins: bool,
    pub(crate) ends: bool,
}

/// What nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Object,
    Array,
}

/// The text is not JSON, or nests too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The reader's state between two chunks.
pub(crate) struct Reader {
    inside: Inside,
    next: Next,
    depth: u8,
    /// One bit a level, the innermost lowest: 1 is an object.
    objects: u32,
    /// The character of a string that is not whole yet.
    character: Character,
    number: NumberReader,
    /// What is still to come of `true`, `false` or `null`.
    word: &'static [u8],
    /// The key so far, where it came in parts.
    key: Option<Captured<KEY_MAX>>,
}

/// The token that is not complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Key,
    /// A text that the visitor wants.
    Text,
    /// A text that it does not want.
    Skipped,
    Number,
    Word,
    /// What is not JSON.
    Malformed,
}

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Next(u8);

impl Next {
    /// Space only: the text is complete.
    const NOTHING: Self = Self(0);
    const VALUE: Self = Self(1);
    const KEY: Self = Self(2);
    const COLON: Self = Self(4);
    const COMMA: Self = Self(8);
    /// The bracket that closes the innermost container.
    const CLOSE: Self = Self(16);

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn allows(self, token: Self) -> bool {
        self.0 & token.0 != 0
    }
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            inside: Inside::Nothing,
            next: Next::VALUE,
            depth: 0,
            objects: 0,
            character: Character::new(),
            number: NumberReader::new(),
            word: &[],
            key: None,
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
        let read = self.read(chunk, visitor);
        if read.is_err() {
            self.inside = Inside::Malformed;
        }
        read
    }

    /// Whether what was read is one whole JSON text.
    pub(crate) const fn is_whole(&self) -> bool {
        match self.inside {
            Inside::Nothing => matches!(self.next, Next::NOTHING),
            // Within a container a number that is not followed by anything may be the start of a longer one.
            Inside::Number => self.depth == 0 && self.number.finish().is_ok(),
            _ => false,
        }
    }

    /// Whether the text was found not to be JSON, whatever may follow.
    pub(crate) fn is_malformed(&self) -> bool {
        self.inside == Inside::Malformed
    }

    #[inline(never)]
    fn read(&mut self, chunk: &[u8], visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        let mut rest = chunk;
        loop {
            if self.inside != Inside::Nothing {
                rest = self.resume(rest, visitor)?;
            }
            let Some((byte, tail)) = rest.split_first() else {
                return Ok(());
            };
            rest = tail;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b'"' if self.next.allows(Next::KEY) => rest = self.begin_key(rest, visitor),
                b':' if self.next.allows(Next::COLON) => self.next = Next::VALUE,
                b',' if self.next.allows(Next::COMMA) => {
                    self.next = if self.is_in_object() {
                        Next::KEY
                    } else {
                        Next::VALUE
                    };
                }
                b'}' | b']'
                    if self.next.allows(Next::CLOSE) && self.is_in_object() == (*byte == b'}') =>
                {
                    self.depth = self.depth.wrapping_sub(1);
                    self.objects >>= 1;
                    self.next = self.after_value();
                    visitor.close();
                }
                _ if !self.next.allows(Next::VALUE) => return Err(Malformed),
                b'"' => rest = self.begin_text(rest, visitor),
                _ => rest = self.begin_value(*byte, rest, visitor)?,
            }
        }
    }

    /// Goes on with the token that is not complete.
    #[inline(never)]
    fn resume<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        match self.inside {
            Inside::Nothing => Ok(chunk),
            Inside::Key | Inside::Text | Inside::Skipped => self.string(chunk, visitor),
            Inside::Number => self.number(chunk, visitor),
            Inside::Word => self.word(chunk),
            Inside::Malformed => Err(Malformed),
        }
    }

    const fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    const fn after_value(&self) -> Next {
        if self.depth == 0 {
            Next::NOTHING
        } else {
            Next::COMMA.or(Next::CLOSE)
        }
    }

    /// The first byte of any other value.
    fn begin_value<'c>(
        &mut self,
        byte: u8,
        rest: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        self.next = self.after_value();
        match byte {
            b'{' | b'[' => {
                if self.depth == JSON_DEPTH_MAX {
                    return Err(Malformed);
                }
                let is_object = byte == b'{';
                self.depth = self.depth.wrapping_add(1);
                self.objects = self.objects << 1 | u32::from(is_object);
                let (container, first) = if is_object {
                    (Container::Object, Next::KEY)
                } else {
                    (Container::Array, Next::VALUE)
                };
                self.next = first.or(Next::CLOSE);
                visitor.open(container);
            }
            b't' => self.begin_word(b"rue", Some(true), visitor),
            b'f' => self.begin_word(b"alse", Some(false), visitor),
            b'n' => self.begin_word(b"ull", None, visitor),
            _ => {
                self.number.begin(byte)?;
                self.inside = Inside::Number;
                return self.number(rest, visitor);
            }
        }
        Ok(rest)
    }

    fn begin_word(&mut self, rest: &'static [u8], value: Option<bool>, visitor: &mut dyn Visitor) {
        self.word = rest;
        self.inside = Inside::Word;
        visitor.word(value);
    }

    fn word<'c>(&mut self, chunk: &'c [u8]) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        while let Some((expected, word)) = self.word.split_first() {
            let Some((byte, tail)) = rest.split_first() else {
                return Ok(rest);
            };
            if byte != expected {
                return Err(Malformed);
            }
            (self.word, rest) = (word, tail);
        }
        self.inside = Inside::Nothing;
        Ok(rest)
    }

    #[inline(never)]
    fn number<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        while let Some((byte, tail)) = rest.split_first() {
            if !self.number.takes(*byte) {
                self.end_number(visitor)?;
                break;
            }
            rest = tail;
        }
        Ok(rest)
    }

    fn end_number(&mut self, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        visitor.number(self.number.finish()?);
        self.inside = Inside::Nothing;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
