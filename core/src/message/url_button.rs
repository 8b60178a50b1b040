//! A text with one button that opens a URL.

use super::interactive::Interactive;
use super::wire::{Members, Object, word};
use super::{Contact, Field, Message};
use crate::{E164, Kind, Text};

/// A text with one button that opens a web page (`cta_url`).
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, checked, message::UrlMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let message = UrlMessage::new(&ON_CALL, "Pump 7 stopped", "Open panel", "https://plant.example/pumps/7");
/// let request = Request::<512>::new(&message)?;
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UrlMessage<'a> {
    interactive: Interactive<'a>,
    button_text: &'a str,
    button_url: &'a str,
}

impl<'a> UrlMessage<'a> {
    /// A text with a button to a number: the label has at most 20 characters, the URL is http or https.
    pub fn new(
        to: &'a E164,
        body: impl Into<Text<'a>>,
        button_text: &'a str,
        button_url: &'a str,
    ) -> Self {
        Self {
            interactive: Interactive::new(to, body.into()),
            button_text,
            button_url,
        }
    }

    /// A line above the body: at most 60 characters.
    #[must_use]
    pub fn header(mut self, header: impl Into<Text<'a>>) -> Self {
        self.interactive.header = Some(header.into());
        self
    }

    /// A line below the body: at most 60 characters.
    #[must_use]
    pub fn footer(mut self, footer: impl Into<Text<'a>>) -> Self {
        self.interactive.footer = Some(footer.into());
        self
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.interactive.contact = Some(contact);
        self
    }
}

impl Object for UrlMessage<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        self.interactive
            .members(word!("message_type", "cta_url"), out);
        out.text(Field::ButtonText, &self.button_text.into());
        out.url(Field::ButtonUrl, self.button_url);
        super::contact::member(self.interactive.contact, out);
    }
}

impl Message for UrlMessage<'_> {
    const KIND: Kind = Kind::Send;
}
