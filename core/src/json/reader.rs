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

use super::escape::clean_ascii_run;
use crate::answer::Captured;
use crate::limits::JSON_DEPTH_MAX;

mod character;
mod number;
mod skip;

use character::Character;
use number::NumberReader;
pub(crate) use number::{Number, Tail};
use skip::skip;

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
    /// A text begins: are its characters wanted?
    fn text_begins(&mut self) -> bool;
    /// More bytes of a text that is wanted; the last ones where it `ended`. A character may be spread over two calls.
    fn text(&mut self, run: &[u8], ended: bool);
    /// Any other value.
    fn scalar(&mut self, value: Scalar);
}

/// What nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Object,
    Array,
}

/// A value without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Number(Number),
    Boolean(bool),
    Null,
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
    key: Captured<KEY_MAX>,
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
            key: Captured::new(),
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
    pub(crate) fn finish(&mut self, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        // Within a container a number that is not followed by anything may be the start of a longer one.
        if self.inside == Inside::Number && self.depth == 0 {
            self.end_number(visitor)?;
        }
        match (self.inside, self.next) {
            (Inside::Nothing, Next::NOTHING) => Ok(()),
            _ => Err(Malformed),
        }
    }

    /// Whether the text was found not to be JSON, whatever may follow.
    pub(crate) fn is_malformed(&self) -> bool {
        self.inside == Inside::Malformed
    }

    fn read(&mut self, chunk: &[u8], visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        let mut rest = chunk;
        loop {
            rest = match self.inside {
                Inside::Nothing => rest,
                Inside::Key | Inside::Text | Inside::Skipped => self.string(rest, visitor)?,
                Inside::Number => self.number(rest, visitor)?,
                Inside::Word => self.word(rest)?,
                Inside::Malformed => return Err(Malformed),
            };
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
                _ if self.next.allows(Next::VALUE) => self.begin_value(*byte, visitor)?,
                _ => return Err(Malformed),
            }
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

    /// A key begins. The common case, a short one of plain ASCII that is whole within the chunk, needs no copy.
    fn begin_key<'c>(&mut self, chunk: &'c [u8], visitor: &mut dyn Visitor) -> &'c [u8] {
        if let Some((key, rest)) = chunk.split_at_checked(clean_ascii_run(chunk)) {
            if let ([b'"', rest @ ..], 0..=KEY_MAX) = (rest, key.len()) {
                visitor.key(key, true);
                if let [b':', rest @ ..] = rest {
                    self.next = Next::VALUE;
                    return rest;
                }
                self.next = Next::COLON;
                return rest;
            }
        }
        self.key = Captured::new();
        self.inside = Inside::Key;
        chunk
    }

    /// The first byte of a value.
    fn begin_value(&mut self, byte: u8, visitor: &mut dyn Visitor) -> Result<(), Malformed> {
        self.next = self.after_value();
        match byte {
            b'"' => {
                self.inside = if visitor.text_begins() {
                    Inside::Text
                } else {
                    Inside::Skipped
                };
            }
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
            b't' => self.begin_word(b"rue", Scalar::Boolean(true), visitor),
            b'f' => self.begin_word(b"alse", Scalar::Boolean(false), visitor),
            b'n' => self.begin_word(b"ull", Scalar::Null, visitor),
            _ => {
                self.number = NumberReader::starting(byte)?;
                self.inside = Inside::Number;
            }
        }
        Ok(())
    }

    fn begin_word(&mut self, rest: &'static [u8], value: Scalar, visitor: &mut dyn Visitor) {
        self.word = rest;
        self.inside = Inside::Word;
        visitor.scalar(value);
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
        visitor.scalar(Scalar::Number(self.number.finish()?));
        self.inside = Inside::Nothing;
        Ok(())
    }

    /// Reads on in a string, up to behind its closing quote or to the chunk's end.
    fn string<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut dyn Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        loop {
            while self.character.is_begun() {
                let Some((byte, tail)) = rest.split_first() else {
                    return Ok(rest);
                };
                rest = tail;
                let mut bytes = [0; 4];
                let len = self.character.take(*byte, &mut bytes)?;
                self.give(bytes.get(..len).unwrap_or_default(), false, visitor);
            }
            if self.inside == Inside::Skipped {
                rest = skip(rest);
            }
            let run = clean_ascii_run(rest);
            let (run, tail) = rest.split_at_checked(run).ok_or(Malformed)?;
            let ended = tail.first() == Some(&b'"');
            self.give(run, ended, visitor);
            match tail {
                [] => return Ok(tail),
                [b'"', tail @ ..] => {
                    if self.inside == Inside::Key {
                        visitor.key(self.key.as_bytes(), !self.key.is_cut());
                        self.next = Next::COLON;
                    }
                    self.inside = Inside::Nothing;
                    return Ok(tail);
                }
                [byte, tail @ ..] => {
                    self.character = Character::beginning(*byte)?;
                    let first = [*byte];
                    if *byte >= 0x80 {
                        self.give(&first, false, visitor);
                    }
                    rest = tail;
                }
            }
        }
    }

    /// Hands out a part of a string to whoever wants it.
    fn give(&mut self, run: &[u8], ended: bool, visitor: &mut dyn Visitor) {
        match self.inside {
            Inside::Key => self.key.push(run),
            Inside::Text if ended || !run.is_empty() => visitor.text(run, ended),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
