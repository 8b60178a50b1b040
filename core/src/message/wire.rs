//! How a message's wire format is defined, once: an [`Object`] lists its members to whatever writes them.

use super::{Field, InvalidMessage};
use crate::limits::{BODY_MAX, INTERACTIVE_BODY_META_MAX};
use crate::{E164, Text};

/// A JSON object of a request. Sealed: this module is not public.
pub trait Object {
    /// The rules that span fields or need a whole value; what concerns one text alone is a [`Rule`].
    fn check(&self) -> Result<(), InvalidMessage> {
        Ok(())
    }

    /// Names the members in their order.
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
    /// A text under a rule.
    fn text(&mut self, field: Field, rule: Rule, value: Text<'_>);
    /// An object within.
    fn object(&mut self, key: Key, value: &impl Object);
    /// A list of objects.
    fn objects<O: Object>(&mut self, key: Key, values: impl Iterator<Item = O>);
    /// A list of texts, each under the rule.
    fn texts(&mut self, field: Field, rule: Rule, values: &[&str]);
    /// A list of whole numbers.
    fn numbers(&mut self, key: Key, values: &[u64]);

    /// A text that may be missing.
    fn optional(&mut self, field: Field, rule: Rule, value: Option<Text<'_>>) {
        if let Some(value) = value {
            self.text(field, rule, value);
        }
    }
}

/// What the characters of a text must fulfil.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Characters at least; 0 allows an empty text, 1 asks for a character that is not a space.
    pub(crate) min: usize,
    /// Characters at most.
    pub(crate) max: usize,
    /// Characters beyond which Meta refuses what the API takes.
    pub(crate) meta_max: usize,
    /// Whether Meta's rule for template values holds.
    pub(crate) template_value: bool,
}

impl Rule {
    /// Any text, even an empty one.
    pub(crate) const ANY: Self = Self::between(0, usize::MAX);
    /// A text that is not empty.
    pub(crate) const REQUIRED: Self = Self::between(1, usize::MAX);
    /// A value that is put into a template.
    pub(crate) const TEMPLATE_VALUE: Self = Self {
        template_value: true,
        ..Self::REQUIRED
    };
    /// The body of a message with buttons.
    pub(crate) const INTERACTIVE_BODY: Self = Self {
        meta_max: INTERACTIVE_BODY_META_MAX,
        ..Self::up_to(BODY_MAX)
    };

    /// A text that is not empty, with this many characters at most.
    pub(crate) const fn up_to(max: usize) -> Self {
        Self::between(1, max)
    }

    /// A text with a number of characters in this range.
    pub(crate) const fn between(min: usize, max: usize) -> Self {
        Self {
            min,
            max,
            meta_max: usize::MAX,
            template_value: false,
        }
    }
}
