//! What messages with buttons have in common.

use super::wire::{Members, Word};
use super::{Contact, Field};
use crate::{E164, Text};

/// Everything but the buttons.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Interactive<'a> {
    to: &'a E164,
    body: Text<'a>,
    pub(super) header: Option<Text<'a>>,
    pub(super) footer: Option<Text<'a>>,
    pub(super) contact: Option<&'a Contact<'a>>,
}

impl<'a> Interactive<'a> {
    pub(super) const fn new(to: &'a E164, body: Text<'a>) -> Self {
        Self {
            to,
            body,
            header: None,
            footer: None,
            contact: None,
        }
    }

    /// The members that stand before the buttons.
    pub(super) fn members(&self, message_type: Word, out: &mut impl Members) {
        out.recipient(self.to);
        out.interactive_body(&self.body);
        out.word(message_type);
        out.optional(Field::Header, self.header.as_ref());
        out.optional(Field::Footer, self.footer.as_ref());
    }
}
