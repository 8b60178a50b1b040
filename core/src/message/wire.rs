//! How a message's wire format is defined, once: an [`Object`] lists its members to whatever writes them.

use super::{Field, InvalidMessage};
use crate::{E164, Text};

/// A JSON object of a request. Sealed: this module is not public.
pub trait Object {
    /// Names the members in their order, each with what the API demands of it.
    fn members<M: Members>(&self, out: &mut M);
}

/// The name of a member, as it stands before a text: `,"name":"`. See [`key!`].
#[derive(Clone, Copy)]
pub struct Key(pub(crate) &'static str);

impl Key {
    /// The name alone.
    pub(crate) fn name(self) -> &'static str {
        self.0
            .get(2..self.0.len().saturating_sub(3))
            .unwrap_or_default()
    }

    /// As it stands before a number that belongs to it: `,"name`.
    pub(crate) fn without_end(self) -> &'static [u8] {
        let len = self.0.len().saturating_sub(3);
        self.0.as_bytes().get(..len).unwrap_or_default()
    }

    /// As it stands before what is no text: `,"name":`.
    pub(crate) fn without_quote(self) -> &'static [u8] {
        self.0
            .as_bytes()
            .split_last()
            .map_or(&[], |(_, before)| before)
    }
}

/// Makes a [`Key`] of a literal, with all that stands around it, so that writing it is one copy.
macro_rules! key {
    ($name:literal) => {
        $crate::message::wire::Key(concat!(",\"", $name, "\":\""))
    };
}
pub(crate) use key;

/// A member whose value is a word of the protocol, whole: `,"name":"value"`. See [`word!`].
#[derive(Clone, Copy)]
pub struct Word(pub(crate) &'static str);

impl Word {
    /// The name and the value.
    #[cfg(feature = "serde")]
    pub(crate) fn name_and_value(self) -> (&'static str, &'static str) {
        let bare = self.0.get(2..self.0.len().saturating_sub(1));
        bare.and_then(|bare| bare.split_once("\":\""))
            .unwrap_or_default()
    }
}

/// Makes a [`Word`] of two literals, so that writing it is one copy.
macro_rules! word {
    ($name:literal, $value:literal) => {
        $crate::message::wire::Word(concat!(",\"", $name, "\":\"", $value, "\""))
    };
}
pub(crate) use word;

/// Takes the members of an object, one by one. Whoever implements it remembers the first thing that went wrong.
pub trait Members {
    /// The recipient.
    fn recipient(&mut self, number: &E164);
    /// A word of the protocol.
    fn word(&mut self, word: Word);
    /// A whole number.
    fn number(&mut self, key: Key, value: u64);
    /// A text under its field's rule.
    fn text(&mut self, field: Field, value: &Text<'_>);
    /// A text that may be missing.
    fn optional(&mut self, field: Field, value: Option<&Text<'_>>);
    /// A string that may be missing.
    fn optional_str(&mut self, field: Field, value: Option<&str>);
    /// An http or https URL.
    fn url(&mut self, field: Field, value: &str);
    /// A value that is put into a template.
    fn template_value(&mut self, field: Field, value: &Text<'_>);
    /// An object within.
    fn object(&mut self, key: Key, value: &impl Object);
    /// A list of objects.
    fn objects<O: Object>(&mut self, key: Key, values: impl Iterator<Item = O>);
    /// A list of texts, each under the field's rule.
    fn texts(&mut self, field: Field, values: &[&str]);
    /// A list of whole numbers.
    fn numbers(&mut self, key: Key, values: &[u64]);

    /// The body of a message with buttons.
    fn interactive_body(&mut self, value: &Text<'_>) {
        self.text(Field::MessageBody, value);
    }

    /// What else the API demands, where it concerns more than the characters of one text.
    fn check(&mut self, _: Result<(), InvalidMessage>) {}
}

/// What the API demands of a text.
pub(crate) struct Rule {
    pub(crate) key: Key,
    /// Characters at least; 0 allows an empty text, 1 asks for a character that is not a space.
    pub(crate) min: usize,
    /// Characters at most.
    pub(crate) max: usize,
}

impl Rule {
    /// Holds a text against the rule.
    pub(crate) fn check(
        &self,
        field: Field,
        characters: usize,
        blank: bool,
    ) -> Result<(), InvalidMessage> {
        if blank && self.min > 0 {
            return Err(InvalidMessage::Empty { field });
        }
        super::length(field, characters, self.min, self.max)
    }

    /// Any text, even an empty one.
    pub(crate) const fn any(key: Key) -> Self {
        Self::between(0, usize::MAX, key)
    }

    /// A text that is not empty.
    pub(crate) const fn required(key: Key) -> Self {
        Self::between(1, usize::MAX, key)
    }

    /// A text that is not empty, with this many characters at most.
    pub(crate) const fn up_to(max: usize, key: Key) -> Self {
        Self::between(1, max, key)
    }

    /// A text with a number of characters in this range.
    pub(crate) const fn between(min: usize, max: usize, key: Key) -> Self {
        Self { key, min, max }
    }
}
