//! Writes an [`Object`] as JSON into a window of its bytes, counts all of them, and holds every text against its rule.

mod template_value;

use core::mem::take;

use crate::bytes::copy;
use crate::json::escape::{count_characters, escape_words, is_special, letter};
use crate::limits::INTERACTIVE_BODY_META_MAX;
use crate::message::wire::{self, Key, Members, Object, Rule};
use crate::message::{Field, InvalidMessage, Warning, url};
use crate::text::decimal;
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
    /// Whether texts may be passed over once the window is full, since nobody needs the whole length.
    until_full: bool,
    /// Characters of the text that is being written or was written last.
    characters: usize,
    /// Nothing but spaces came of it so far.
    blank: bool,
    broken: Option<InvalidMessage>,
    warning: Option<Warning>,
}

/// What a finished pass tells.
pub(crate) struct Measured {
    /// Bytes of the whole document.
    pub(crate) len: usize,
    pub(crate) warning: Option<Warning>,
}

impl<'w> Encoder<'w> {
    /// Writes from the document's first byte; an empty window only counts.
    pub(crate) const fn new(window: &'w mut [u8]) -> Self {
        Self {
            skip: 0,
            window,
            len: 0,
            comma: false,
            until_full: false,
            characters: 0,
            blank: false,
            broken: None,
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

    /// Writes the whole document, whose members `members` names.
    pub(crate) fn run(&mut self, members: &dyn Fn(&mut Self)) -> Result<Measured, InvalidMessage> {
        self.open(b'{');
        members(self);
        self.close(b'}');
        match self.broken {
            Some(broken) => Err(broken),
            None => Ok(Measured {
                len: self.len,
                warning: self.warning,
            }),
        }
    }

    #[inline]
    fn document(&mut self, object: &impl Object) {
        self.open(b'{');
        object.members(self);
        self.close(b'}');
    }

    fn open(&mut self, bracket: u8) {
        self.byte(bracket);
        self.comma = false;
    }

    fn close(&mut self, bracket: u8) {
        self.byte(bracket);
        self.comma = true;
    }

    fn put(&mut self, bytes: &[u8]) {
        self.len = self.len.wrapping_add(bytes.len());
        let passed = self.skip.min(bytes.len());
        self.skip = self.skip.wrapping_sub(passed);
        let bytes = bytes.get(passed..).unwrap_or_default();
        let window = take(&mut self.window);
        let written = bytes.len().min(window.len());
        copy(window, bytes);
        self.window = window.get_mut(written..).unwrap_or_default();
    }

    /// One byte, which most of what stands between texts is.
    fn byte(&mut self, byte: u8) {
        self.len = self.len.wrapping_add(1);
        if self.skip > 0 {
            self.skip = self.skip.wrapping_sub(1);
        } else if let Some(place) = self.window.first_mut() {
            *place = byte;
            self.window = take(&mut self.window).get_mut(1..).unwrap_or_default();
        }
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

    fn list<T>(
        &mut self,
        key: Key,
        entries: impl Iterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) {
        self.member(key.without_quote());
        self.open(b'[');
        for entry in entries {
            self.entry();
            each(self, entry);
        }
        self.close(b']');
    }

    fn text_under(&mut self, field: Field, rule: &Rule, text: &Text<'_>) {
        self.member(rule.key.0.as_bytes());
        self.string(field, rule, text);
    }

    fn optional_under(&mut self, field: Field, rule: &Rule, text: Option<&Text<'_>>) {
        if let Some(text) = text {
            self.text_under(field, rule, text);
        }
    }

    fn optional_str_under(&mut self, field: Field, rule: &Rule, text: Option<&str>) {
        if let Some(text) = text {
            self.text_under(field, rule, &text.into());
        }
    }

    fn url_under(&mut self, field: Field, rule: &Rule, value: &str) {
        self.check(url::check(field, value));
        self.text_under(field, rule, &value.into());
    }

    fn template_value_under(&mut self, field: Field, rule: &Rule, text: &Text<'_>) {
        if let Some(number) = field.number() {
            self.member(rule.key.without_end());
            self.decimal(number.into());
            self.put(b"\":\"");
        } else {
            self.member(rule.key.0.as_bytes());
        }
        self.string(field, rule, text);
        self.check(template_value::check(field, text));
    }

    /// The inside of a text, and the quote that closes it.
    fn string(&mut self, field: Field, rule: &Rule, text: &Text<'_>) {
        self.characters = 0;
        self.blank = true;
        if self.until_full && self.window.is_empty() {
            return;
        }
        let rendered = text.parts(&mut |part| {
            self.push(part.as_bytes());
            Ok(())
        });
        self.byte(b'"');
        self.check(match rendered {
            Ok(()) => rule.check(field, self.characters, self.blank),
            Err(_) => Err(InvalidMessage::Unformattable { field }),
        });
    }

    /// Writes a part of a text, escaped, and keeps what its rule asks after.
    fn push(&mut self, text: &[u8]) {
        // What Laravel trims before it asks whether a required field is there.
        self.blank = self.blank && text.iter().all(u8::is_ascii_whitespace);
        let mut rest = text;
        if self.skip == 0 {
            let window = take(&mut self.window);
            let free = window.len();
            let escaped = escape_words(text, window);
            (rest, self.window) = (escaped.text, escaped.window);
            let written = free.wrapping_sub(self.window.len());
            self.len = self.len.wrapping_add(written);
            self.characters = self.characters.wrapping_add(escaped.characters);
        }
        if !rest.is_empty() {
            self.push_bytes(rest);
        }
    }

    /// Escapes what does not go by the word.
    #[inline(never)] // It would take registers from the words.
    fn push_bytes(&mut self, text: &[u8]) {
        self.characters = self.characters.wrapping_add(count_characters(text));
        let mut rest = text;
        loop {
            let special = rest.iter().position(|byte| is_special(*byte));
            let clean = special.unwrap_or(rest.len());
            self.put(rest.get(..clean).unwrap_or_default());
            let Some([special, after @ ..]) = rest.get(clean..) else {
                return;
            };
            self.escape(*special);
            rest = after;
        }
    }

    fn escape(&mut self, special: u8) {
        let letter = letter(special);
        self.byte(b'\\');
        self.byte(letter);
        if letter == b'u' {
            self.put(b"00");
            self.byte(b'0' | special >> 4); // 0 or 1: control characters end at 0x1F
            let low = special & 0xF;
            self.byte(if low < 10 {
                b'0' | low
            } else {
                low.wrapping_add(b'a' - 10)
            });
        }
    }

    #[cold]
    fn refuse(&mut self, broken: InvalidMessage) {
        self.broken.get_or_insert(broken);
    }

    fn decimal(&mut self, number: u64) {
        // Nothing refuses a digit.
        let _ = decimal(number, &mut |digit| {
            self.put(digit.as_bytes());
            Ok(())
        });
    }
}

impl Members for Encoder<'_> {
    fn recipient(&mut self, number: &E164) {
        self.member(Field::PhoneNumber.rule().key.0.as_bytes());
        self.put(number.as_bytes());
        self.byte(b'"');
    }

    fn word(&mut self, word: wire::Word) {
        self.member(word.0.as_bytes());
    }

    fn number(&mut self, key: Key, value: u64) {
        self.member(key.without_quote());
        self.decimal(value);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // For the field's rule, see there.
    fn text(&mut self, field: Field, value: &Text<'_>) {
        self.text_under(field, field.rule(), value);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // For the field's rule, see there.
    fn optional(&mut self, field: Field, value: Option<&Text<'_>>) {
        self.optional_under(field, field.rule(), value);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // For the field's rule, see there.
    fn optional_str(&mut self, field: Field, value: Option<&str>) {
        self.optional_str_under(field, field.rule(), value);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // For the field's rule, see there.
    fn url(&mut self, field: Field, value: &str) {
        self.url_under(field, field.rule(), value);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // For the field's rule, see there.
    fn template_value(&mut self, field: Field, value: &Text<'_>) {
        self.template_value_under(field, field.rule(), value);
    }

    fn interactive_body(&mut self, value: &Text<'_>) {
        self.text(Field::MessageBody, value);
        let characters = self.characters;
        if characters > INTERACTIVE_BODY_META_MAX {
            self.warning = Some(Warning::InteractiveBodyLength { characters });
        }
    }

    fn object(&mut self, key: Key, value: &impl Object) {
        self.member(key.without_quote());
        self.document(value);
    }

    fn objects<O: Object>(&mut self, key: Key, values: impl Iterator<Item = O>) {
        self.list(key, values, |list, value| list.document(&value));
    }

    fn texts(&mut self, field: Field, values: &[&str]) {
        let rule = field.rule();
        self.list(rule.key, values.iter(), |list, value| {
            list.byte(b'"');
            list.string(field, rule, &Text::from(*value));
        });
    }

    fn numbers(&mut self, key: Key, values: &[u64]) {
        self.list(key, values.iter(), |list, value| list.decimal(*value));
    }

    #[inline]
    fn check(&mut self, checked: Result<(), InvalidMessage>) {
        if let Err(broken) = checked {
            self.refuse(broken);
        }
    }
}
