//! Writes an [`Object`] as JSON into a window of its bytes, counts all of them, and holds every text against its rule.

use core::fmt;

use crate::copy::copy;
use crate::json::escape::{Escape, WORD, Word, clean_run, count_characters};
use crate::limits::TEMPLATE_SPACES_MAX;
use crate::message::wire::{self, Key, Members, Object, Rule};
use crate::message::{Field, InvalidMessage, Warning};
use crate::text::decimal_digits;
use crate::{E164, Text};

/// The encoder never stops early: writing past the window only counts. So one pass tells what was written, how long
/// the whole is, and the first rule that was broken.
pub(crate) struct Encoder<'w> {
    /// Bytes of the document that lie before the window and are still to be passed over.
    skip: usize,
    /// What is left of the window.
    window: &'w mut [u8],
    /// Bytes of the document so far.
    len: usize,
    /// Whether the next member or entry needs a comma before it.
    comma: bool,
    broken: Option<InvalidMessage>,
    /// Whether texts may be passed over once the window is full, since nobody needs the whole length.
    until_full: bool,
    warning: Option<Warning>,
}

/// What a finished pass tells.
pub(crate) struct Measured {
    /// Bytes of the whole document.
    pub(crate) len: usize,
    pub(crate) warning: Option<Warning>,
}

/// Checks an object against all its rules and counts its bytes.
pub(crate) fn count(object: &impl Object) -> Result<Measured, InvalidMessage> {
    object.check()?;
    let mut encoder = Encoder::new(&mut []);
    encoder.document(object);
    encoder.finish()
}

impl<'w> Encoder<'w> {
    /// Writes from the document's first byte; an empty window only counts.
    pub(crate) const fn new(window: &'w mut [u8]) -> Self {
        Self {
            skip: 0,
            window,
            len: 0,
            comma: false,
            broken: None,
            until_full: false,
            warning: None,
        }
    }

    /// Writes from the byte `skip` on. Once the window is full, texts are passed over unless the whole length is
    /// wanted.
    pub(crate) const fn part(skip: usize, window: &'w mut [u8], whole_length: bool) -> Self {
        let mut encoder = Self::new(window);
        encoder.skip = skip;
        encoder.until_full = !whole_length;
        encoder
    }

    /// Writes the document.
    pub(crate) fn document(&mut self, object: &impl Object) {
        self.byte(b'{');
        self.comma = false;
        object.members(self);
        self.byte(b'}');
        self.comma = true;
    }

    pub(crate) fn finish(self) -> Result<Measured, InvalidMessage> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        Ok(Measured {
            len: self.len,
            warning: self.warning,
        })
    }

    fn put(&mut self, bytes: &[u8]) {
        self.len = self.len.wrapping_add(bytes.len());
        let mut bytes = bytes;
        if self.skip > 0 {
            let passed = self.skip.min(bytes.len());
            self.skip = self.skip.wrapping_sub(passed);
            bytes = bytes.get(passed..).unwrap_or_default();
        }
        let window = core::mem::take(&mut self.window);
        let written = copy(window, bytes);
        self.window = window.get_mut(written..).unwrap_or_default();
    }

    /// One byte, which most of what stands between texts is.
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            return self.put(&[byte]);
        }
        self.len = self.len.wrapping_add(1);
        if let Some((place, rest)) = core::mem::take(&mut self.window).split_first_mut() {
            *place = byte;
            self.window = rest;
        }
    }

    /// A key and, for a text, the quote that opens it.
    fn key(&mut self, key: Key, is_text: bool) {
        let to = key.0.len().wrapping_sub(usize::from(!is_text));
        self.member(key.0.as_bytes().get(..to).unwrap_or_default());
    }

    /// What begins with a comma, which is left out where it is the first.
    fn member(&mut self, bytes: &[u8]) {
        let from = usize::from(!self.comma);
        self.put(bytes.get(from..).unwrap_or_default());
        self.comma = true;
    }

    fn entry(&mut self) {
        if self.comma {
            self.byte(b',');
        }
        self.comma = true;
    }

    fn list(&mut self, key: Key, entries: impl FnOnce(&mut Self)) {
        self.key(key, false);
        self.byte(b'[');
        self.comma = false;
        entries(self);
        self.byte(b']');
        self.comma = true;
    }

    /// The inside of a text, and the quote that closes it.
    fn string(&mut self, field: Field, rule: Rule, text: Text<'_>) {
        if self.until_full && self.window.is_empty() {
            return;
        }
        let mut escaper = Escaper {
            encoder: self,
            characters: 0,
            blank: rule.min > 0,
            template_value: rule.template_value.then_some(0),
        };
        let rendered = match text.as_str() {
            Some(text) => {
                escaper.push(text.as_bytes());
                Ok(())
            }
            None => text.render(&mut escaper),
        };
        let Escaper {
            characters,
            blank,
            template_value,
            ..
        } = escaper;
        self.byte(b'"');
        if characters > rule.meta_max {
            self.warning = Some(Warning::InteractiveBodyLength { characters });
        }
        let broken = if rendered.is_err() {
            InvalidMessage::Unformattable { field }
        } else if blank {
            InvalidMessage::Empty { field }
        } else if characters < rule.min {
            InvalidMessage::TooShort {
                field,
                limit: rule.min,
                actual: characters,
            }
        } else if characters > rule.max {
            InvalidMessage::TooLong {
                field,
                limit: rule.max,
                actual: characters,
            }
        } else if rule.template_value && template_value.is_none() {
            InvalidMessage::TemplateValue { field }
        } else {
            return;
        };
        self.broken.get_or_insert(broken);
    }

    fn decimal(&mut self, number: u64) {
        let (digits, first) = decimal_digits(number);
        self.put(digits.get(first..).unwrap_or_default());
    }
}

impl Members for Encoder<'_> {
    fn recipient(&mut self, number: &E164) {
        self.key(Field::PhoneNumber.key(), true);
        self.put(number.as_bytes());
        self.byte(b'"');
    }

    fn word(&mut self, word: wire::Word) {
        self.member(word.0.as_bytes());
    }

    fn number(&mut self, key: Key, value: u64) {
        self.key(key, false);
        self.decimal(value);
    }

    #[inline]
    fn text(&mut self, field: Field, rule: Rule, value: Text<'_>) {
        self.key(field.key(), true);
        self.string(field, rule, value);
    }

    fn object(&mut self, key: Key, value: &impl Object) {
        self.key(key, false);
        self.document(value);
    }

    fn objects<O: Object>(&mut self, key: Key, values: impl Iterator<Item = O>) {
        self.list(key, |list| {
            for value in values {
                list.entry();
                list.document(&value);
            }
        });
    }

    fn texts(&mut self, field: Field, rule: Rule, values: &[&str]) {
        self.list(field.key(), |list| {
            for value in values {
                list.entry();
                list.byte(b'"');
                list.string(field, rule, Text::from(*value));
            }
        });
    }

    fn numbers(&mut self, key: Key, values: &[u64]) {
        self.list(key, |list| {
            for value in values {
                list.entry();
                list.decimal(*value);
            }
        });
    }
}

/// Takes a text in parts, writes it escaped and keeps what its rule asks after.
struct Escaper<'e, 'w> {
    encoder: &'e mut Encoder<'w>,
    characters: usize,
    /// Nothing but spaces came so far.
    blank: bool,
    /// How many spaces came in a row, as long as the text may stand in a template.
    template_value: Option<usize>,
}

impl Escaper<'_, '_> {
    fn push(&mut self, text: &[u8]) {
        if self.blank {
            // What Laravel trims before it asks whether a required field is there.
            self.blank = text.iter().all(u8::is_ascii_whitespace);
        }
        if self.template_value.is_some() {
            self.check_template_value(text);
        }
        let mut rest = self.push_words(text);
        self.characters = self.characters.wrapping_add(count_characters(rest));
        while !rest.is_empty() {
            let Some((clean, tail)) = rest.split_at_checked(clean_run(rest)) else {
                return;
            };
            self.encoder.put(clean);
            let Some((special, tail)) = tail.split_first() else {
                return;
            };
            match Escape::of(*special) {
                Escape::Short(escape) => self.encoder.put(&escape),
                Escape::Long(escape) => self.encoder.put(&escape),
            }
            rest = tail;
        }
    }

    /// Escapes what goes by the word, straight into the window; gives back the rest of the text.
    fn push_words<'t>(&mut self, text: &'t [u8]) -> &'t [u8] {
        if self.encoder.skip > 0 {
            return text;
        }
        let mut rest = text;
        let mut window = core::mem::take(&mut self.encoder.window);
        let free = window.len();
        let mut seen = Word::new([0; WORD]);
        while let (Some((bytes, after)), Some(here)) =
            (rest.split_first_chunk(), window.first_chunk_mut())
        {
            // Stored whole, with what may be special in it; then only as much of it is kept as counts.
            *here = *bytes;
            let word = Word::new(*bytes);
            seen = seen.or(word);
            let Some(clean) = word.clean_bytes() else {
                rest = after;
                window = window.get_mut(WORD..).unwrap_or_default();
                continue;
            };
            let Some(Escape::Short(escape)) = bytes.get(clean).map(|byte| Escape::of(*byte)) else {
                break;
            };
            let Some(place) = window.get_mut(clean..).and_then(<[u8]>::first_chunk_mut) else {
                break;
            };
            *place = escape;
            window = window.get_mut(clean.wrapping_add(2)..).unwrap_or_default();
            rest = rest.get(clean.wrapping_add(1)..).unwrap_or_default();
        }
        let written = free.wrapping_sub(window.len());
        self.encoder.len = self.encoder.len.wrapping_add(written);
        self.encoder.window = window;
        let done = text.len().wrapping_sub(rest.len());
        let characters = if seen.is_ascii() {
            done
        } else {
            count_characters(text.get(..done).unwrap_or_default())
        };
        self.characters = self.characters.wrapping_add(characters);
        rest
    }

    fn check_template_value(&mut self, text: &[u8]) {
        for byte in text {
            self.template_value = match (byte, self.template_value) {
                (b'\n' | b'\r' | b'\t', _) | (_, None) => None,
                (b' ', Some(spaces)) if spaces >= TEMPLATE_SPACES_MAX => None,
                (b' ', Some(spaces)) => Some(spaces.wrapping_add(1)),
                (_, Some(_)) => Some(0),
            };
        }
    }
}

impl fmt::Write for Escaper<'_, '_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.push(part.as_bytes());
        Ok(())
    }

    /// Never called: what is formatted comes through `fmt::write`. Without this, whatever writes a text would link the
    /// machinery of formatting.
    fn write_fmt(&mut self, _: fmt::Arguments<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}
