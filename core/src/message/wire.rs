//! How a message's wire format is defined, once: an [`Object`] lists its members to whatever writes them.

use super::{Field, InvalidMessage};
use crate::Text;

/// A JSON object of a request. Sealed: this module is not public.
pub trait Object {
    /// The rules that span fields or need a whole value; what concerns one text alone is a [`Rule`].
    fn check(&self) -> Result<(), InvalidMessage> {
        Ok(())
    }

    /// Names the members in their order.
    fn members<M: Members>(&self, out: &mut M);
}

/// Takes the members of an object, one by one. Whoever implements it remembers the first thing that went wrong.
pub trait Members {
    /// A word that needs no check: a constant of the protocol or a checked value.
    fn word(&mut self, key: &'static str, value: &str);
    /// A whole number.
    fn number(&mut self, key: &'static str, value: u64);
    /// A text under a rule.
    fn text(&mut self, field: Field, rule: Rule, value: Text<'_>);
    /// An object within.
    fn object(&mut self, key: &'static str, value: &impl Object);
    /// A list of objects.
    fn objects<O: Object>(&mut self, key: &'static str, values: impl Iterator<Item = O>);
    /// A list of texts, each under the rule.
    fn texts(&mut self, field: Field, rule: Rule, values: &[&str]);
    /// A list of whole numbers.
    fn numbers(&mut self, key: &'static str, values: &[u64]);

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
    /// Whether Meta's rule for template values holds.
    pub(crate) template_value: bool,
}

impl Rule {
    /// Any text, even an empty one.
    pub(crate) const ANY: Self = Self {
        min: 0,
        max: usize::MAX,
        template_value: false,
    };
    /// A text that is not empty.
    pub(crate) const REQUIRED: Self = Self::up_to(usize::MAX);
    /// A value that is put into a template.
    pub(crate) const TEMPLATE_VALUE: Self = Self {
        min: 1,
        max: usize::MAX,
        template_value: true,
    };

    /// A text that is not empty, with this many characters at most.
    pub(crate) const fn up_to(max: usize) -> Self {
        Self {
            min: 1,
            max,
            template_value: false,
        }
    }
}
