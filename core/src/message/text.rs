//! A plain text message.

use super::wire::{Members, Object, word};
use super::{Contact, Field, Message};
use crate::{E164, Kind, Text};

/// A text, and nothing else: at most 4096 characters. Reaches only a recipient who wrote within the last 24 hours.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, checked, message::TextMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let celsius = -3;
/// let request = Request::<256>::new(&TextMessage::new(&ON_CALL, format_args!("Freezer 3: {celsius} °C")))?;
/// assert!(request.body().ends_with("\"message_body\":\"Freezer 3: -3 °C\",\"message_type\":\"text\"}".as_bytes()));
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TextMessage<'a> {
    to: &'a E164,
    body: Text<'a>,
    contact: Option<&'a Contact<'a>>,
}

impl<'a> TextMessage<'a> {
    /// A text to a number.
    pub fn new(to: &'a E164, body: impl Into<Text<'a>>) -> Self {
        Self {
            to,
            body: body.into(),
            contact: None,
        }
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.contact = Some(contact);
        self
    }
}

impl Object for TextMessage<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.recipient(self.to);
        out.text(Field::MessageBody, &self.body);
        out.word(word!("message_type", "text"));
        super::contact::member(self.contact, out);
    }
}

impl Message for TextMessage<'_> {
    const KIND: Kind = Kind::Send;
}
