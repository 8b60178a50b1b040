//! A text with one button that opens a URL.

use super::wire::{Members, Object, Rule, word};
use super::{Contact, Field, InvalidMessage, Message, url};
use crate::limits::{BUTTON_TEXT_MAX, FOOTER_MAX, HEADER_MAX};
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
    to: &'a E164,
    body: Text<'a>,
    button_text: &'a str,
    button_url: &'a str,
    header: Option<Text<'a>>,
    footer: Option<Text<'a>>,
    contact: Option<&'a Contact<'a>>,
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
            to,
            body: body.into(),
            button_text,
            button_url,
            header: None,
            footer: None,
            contact: None,
        }
    }

    /// A line above the body: at most 60 characters.
    #[must_use]
    pub fn header(mut self, header: impl Into<Text<'a>>) -> Self {
        self.header = Some(header.into());
        self
    }

    /// A line below the body: at most 60 characters.
    #[must_use]
    pub fn footer(mut self, footer: impl Into<Text<'a>>) -> Self {
        self.footer = Some(footer.into());
        self
    }

    /// What the workspace is to know about the recipient.
    #[must_use]
    pub const fn contact(mut self, contact: &'a Contact<'a>) -> Self {
        self.contact = Some(contact);
        self
    }
}

impl Object for UrlMessage<'_> {
    fn check(&self) -> Result<(), InvalidMessage> {
        url::check(Field::ButtonUrl, self.button_url)
    }

    fn members<M: Members>(&self, out: &mut M) {
        out.recipient(self.to);
        out.text(Field::MessageBody, Rule::INTERACTIVE_BODY, self.body);
        out.word(word!("message_type", "cta_url"));
        out.optional(Field::Header, Rule::up_to(HEADER_MAX), self.header);
        out.optional(Field::Footer, Rule::up_to(FOOTER_MAX), self.footer);
        out.text(
            Field::ButtonText,
            Rule::up_to(BUTTON_TEXT_MAX),
            self.button_text.into(),
        );
        out.text(Field::ButtonUrl, Rule::REQUIRED, self.button_url.into());
        super::contact::member(self.contact, out);
    }
}

impl Message for UrlMessage<'_> {
    const KIND: Kind = Kind::Send;
}
