//! A strict JSON reader (RFC 8259) that takes its text in chunks of any size and keeps next to nothing of it.
//!
//! It accepts exactly what a validating parser accepts: the whole grammar, UTF-8 without overlong forms and
//! surrogates, escapes whose surrogates pair up; it nests at most [`JSON_DEPTH_MAX`] levels and never recurses.
//! What it meets goes to a [`Visitor`], texts decoded, in the runs in which it arrived. What numbers mean is the
//! visitor's business: it gets them as they are written.
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

use core::mem;

use crate::answer::Captured;
use crate::limits::JSON_DEPTH_MAX;

mod character;
mod number;
mod skip;
mod string;

use character::Character;
use number::Number;
use string::plain;

/// Bytes of a key that are kept; the names that matter are shorter.
pub(crate) const KEY_MAX: usize = 32;

/// Takes what the reader meets, in the order of the text.
pub(crate) trait Visitor {
    /// An object's key, decoded; of a long one perhaps only one byte more than [`KEY_MAX`].
    fn key(&mut self, key: &[u8]);
    /// An object or array begins.
    fn open(&mut self, container: Container);
    /// The object or array that was begun last is complete.
    fn close(&mut self);
    /// Any other value begins, and this of it is at hand: a text as a whole or not at all, of a number at least a byte.
    fn begin(&mut self, kind: Kind, run: &[u8]);
    /// Whether the text that has begun, and is not at hand, is wanted. If not, it is not given out.
    fn wants_text(&self) -> bool;
    /// Some more bytes, at least one, of the text or number that has begun.
    fn push(&mut self, run: &[u8]);
}

/// A value that is no container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    Number,
    Text,
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
#[repr(C)] // What is small comes first: behind the key it would take longer instructions to reach.
pub(crate) struct Reader {
    inside: Inside,
    next: Next,
    depth: u8,
    number: Number,
    /// Where in [`WORDS`] the rest begins of `true`, `false` or `null`.
    word: u8,
    /// One bit a level, the innermost lowest: 1 is an object.
    objects: u32,
    /// The character of a string that is not whole yet.
    character: Character,
    /// The key so far, where it came in parts.
    key: Captured<{ KEY_MAX + 1 }>,
}

/// The token that is not complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// A number of which nothing was read yet.
    NewNumber,
    Number,
    Word,
    Key,
    /// A text that the visitor wants.
    Text,
    /// A text that it does not want.
    Skipped,
    /// What is not JSON.
    Malformed,
}

/// `true`, `false` and `null` without their first bytes, at 0, 4 and 9; a 0 ends each.
const WORDS: &[u8; 13] = b"rue\0alse\0ull\0";

/// What may come next, besides space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Nothing: the text is complete.
    Nothing,
    Value,
    /// An array's first value, or its end.
    FirstValue,
    Key,
    /// An object's first key, or its end.
    FirstKey,
    Colon,
    /// A comma, or the end of the innermost container.
    Comma,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self {
            inside: Inside::Nothing,
            next: Next::Value,
            depth: 0,
            number: Number::new(),
            word: 0,
            objects: 0,
            character: Character::new(),
            key: Captured::new(),
        }
    }

    /// Reads a chunk. After an error every further chunk is an error.
    ///
    /// A device has but one visitor, whatever it reads, and so one copy of this code.
    pub(crate) fn feed(
        &mut self,
        chunk: &[u8],
        visitor: &mut impl Visitor,
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
            Inside::Nothing => matches!(self.next, Next::Nothing),
            // Within a container a number that is not followed by anything may be the start of a longer one.
            Inside::Number => self.depth == 0 && self.number.may_end(),
            _ => false,
        }
    }

    /// Whether the text was found not to be JSON, whatever may follow.
    pub(crate) fn is_malformed(&self) -> bool {
        self.inside == Inside::Malformed
    }

    /// Whether the value that came last is complete: nothing of it is missing, or what may only follow it has begun.
    pub(crate) fn is_past_value(&self) -> bool {
        self.inside == Inside::Nothing || self.next != Next::Comma
    }

    fn read(&mut self, chunk: &[u8], visitor: &mut impl Visitor) -> Result<(), Malformed> {
        let mut rest = chunk;
        while !rest.is_empty() {
            rest = match self.inside {
                Inside::Nothing => self.tokens(rest, visitor)?,
                Inside::NewNumber | Inside::Number => self.number(rest, visitor)?,
                Inside::Word => self.word(rest)?,
                Inside::Key | Inside::Text | Inside::Skipped => self.string(rest, visitor)?,
                Inside::Malformed => return Err(Malformed),
            };
        }
        Ok(())
    }

    /// Reads tokens, up to behind one that may be cut.
    ///
    /// In most objects a comma, a key and a text follow each other without space, so each leads straight to the next.
    fn tokens<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let mut chunk = chunk;
        'tokens: while let Some((byte, rest)) = chunk.split_first() {
            let here = chunk;
            chunk = rest;
            let (next, text) = 'text: {
                let key = 'key: {
                    match self.next {
                        Next::Colon if *byte == b':' => self.next = Next::Value,
                        Next::Comma if *byte == b',' => {
                            self.next = match chunk {
                                _ if !self.is_in_object() => Next::Value,
                                [b'"', key @ ..] => break 'key key,
                                _ => Next::Key,
                            };
                        }
                        Next::Key | Next::FirstKey if *byte == b'"' => break 'key chunk,
                        Next::FirstKey | Next::FirstValue | Next::Comma
                            if *byte == self.bracket() =>
                        {
                            self.depth = self.depth.wrapping_sub(1);
                            self.objects >>= 1;
                            self.next = self.after_value();
                            visitor.close();
                        }
                        Next::Value | Next::FirstValue => match byte {
                            b'"' => break 'text (self.after_value(), chunk),
                            b'{' => self.open(Container::Object, visitor)?,
                            b'[' => self.open(Container::Array, visitor)?,
                            _ if is_space(*byte) => {}
                            _ => return self.begin_value(here, visitor),
                        },
                        _ if is_space(*byte) => {}
                        _ => return Err(Malformed),
                    }
                    continue 'tokens;
                };
                let Some((name, tail)) = plain(key) else {
                    (self.next, self.inside) = (Next::Colon, Inside::Key);
                    return Ok(key);
                };
                visitor.key(name);
                (self.next, chunk) = match tail {
                    [b':', b'"', text @ ..] => break 'text (Next::Comma, text),
                    [b':', value @ ..] => (Next::Value, value),
                    _ => (Next::Colon, tail),
                };
                continue 'tokens;
            };
            self.next = next;
            let Some((whole, tail)) = plain(text) else {
                visitor.begin(Kind::Text, &[]);
                self.inside = if visitor.wants_text() {
                    Inside::Text
                } else {
                    Inside::Skipped
                };
                return Ok(text);
            };
            visitor.begin(Kind::Text, whole);
            chunk = tail;
        }
        Ok(chunk)
    }

    /// Any other value begins; what is still to be read.
    fn begin_value<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let (byte, rest) = chunk.split_first().ok_or(Malformed)?;
        let (kind, word) = match byte {
            b't' => (Kind::True, 0),
            b'f' => (Kind::False, 4),
            b'n' => (Kind::Null, 9),
            _ => {
                self.number = Number::begin(*byte).ok_or(Malformed)?;
                (Kind::Number, 0)
            }
        };
        self.next = self.after_value();
        if kind == Kind::Number {
            // Its first byte is read with the others.
            self.inside = Inside::NewNumber;
            return Ok(chunk);
        }
        self.word = word;
        self.inside = Inside::Word;
        visitor.begin(kind, &[]);
        Ok(rest)
    }

    const fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    /// What closes the innermost container.
    const fn bracket(&self) -> u8 {
        if self.is_in_object() { b'}' } else { b']' }
    }

    const fn after_value(&self) -> Next {
        if self.depth == 0 {
            Next::Nothing
        } else {
            Next::Comma
        }
    }

    fn open(&mut self, container: Container, visitor: &mut impl Visitor) -> Result<(), Malformed> {
        if self.depth == JSON_DEPTH_MAX {
            return Err(Malformed);
        }
        let is_object = container == Container::Object;
        self.depth = self.depth.wrapping_add(1);
        self.objects = self.objects << 1 | u32::from(is_object);
        self.next = if is_object {
            Next::FirstKey
        } else {
            Next::FirstValue
        };
        visitor.open(container);
        Ok(())
    }

    fn word<'c>(&mut self, chunk: &'c [u8]) -> Result<&'c [u8], Malformed> {
        let mut rest = chunk;
        loop {
            let expected = WORDS.get(usize::from(self.word)).copied();
            let Some(expected @ 1..) = expected else {
                self.inside = Inside::Nothing;
                return Ok(rest);
            };
            let Some((byte, tail)) = rest.split_first() else {
                return Ok(rest);
            };
            if *byte != expected {
                return Err(Malformed);
            }
            (self.word, rest) = (self.word.wrapping_add(1), tail);
        }
    }

    fn number<'c>(
        &mut self,
        chunk: &'c [u8],
        visitor: &mut impl Visitor,
    ) -> Result<&'c [u8], Malformed> {
        let len = chunk
            .iter()
            .take_while(|byte| self.number.takes(**byte))
            .count();
        let (run, rest) = chunk.split_at_checked(len).ok_or(Malformed)?;
        if mem::replace(&mut self.inside, Inside::Number) == Inside::NewNumber {
            visitor.begin(Kind::Number, run);
        } else if !run.is_empty() {
            visitor.push(run);
        }
        if !rest.is_empty() {
            if !self.number.may_end() {
                return Err(Malformed);
            }
            self.inside = Inside::Nothing;
        }
        Ok(rest)
    }
}

/// Whether it may stand between two tokens.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests;
