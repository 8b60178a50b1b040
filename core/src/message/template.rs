//! A message from an approved template: the only kind that opens a conversation.

use super::wire::{Members, Object};
use super::{Field, Message, length, list_length};
use crate::limits::{TEMPLATE_BUTTONS_MAX, TEMPLATE_FIELDS_MAX, TEMPLATE_PHONE_MAX};
use crate::{E164, Kind, Text};

/// A template that Meta approved, with its values. Reaches a recipient at any time.
///
/// The number may have at most 14 digits: this endpoint counts 15 characters with the `+`.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, checked, message::TemplateMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let values = ["Freezer 3".into(), (-3).into()];
/// let message = TemplateMessage::new(&ON_CALL, "alert", "en_US").fields(&values);
/// let request = Request::<512>::new(&message)?;
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TemplateMessage<'a> {
    to: &'a E164,
    name: &'a str,
    language: &'a str,
    from_phone_number_id: Option<&'a str>,
    header: Option<TemplateHeader<'a>>,
    fields: &'a [Text<'a>],
    buttons: &'a [Option<Text<'a>>],
}

/// What goes into a template's header: it has one kind of header, so one of these.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TemplateHeader<'a> {
    /// The value in a text header.
    Field(Text<'a>),
    /// The URL of a picture.
    Image(&'a str),
    /// The URL of a video.
    Video(&'a str),
    /// The URL of a document.
    Document {
        /// Where it is fetched from.
        url: &'a str,
        /// The file name that the recipient sees: at most 255 characters.
        name: Option<&'a str>,
    },
}

impl<'a> TemplateMessage<'a> {
    /// A template by its name and language (2 to 10 characters, such as `en_US`).
    #[must_use]
    pub const fn new(to: &'a E164, name: &'a str, language: &'a str) -> Self {
        Self {
            to,
            name,
            language,
            from_phone_number_id: None,
            header: None,
            fields: &[],
            buttons: &[],
        }
    }

    /// The values for `{{1}}` to `{{10}}` of the body. No newlines, tabs or more than 4 spaces in a row.
    #[must_use]
    pub const fn fields(mut self, fields: &'a [Text<'a>]) -> Self {
        self.fields = fields;
        self
    }

    /// What goes into the header.
    #[must_use]
    pub const fn header(mut self, header: TemplateHeader<'a>) -> Self {
        self.header = Some(header);
        self
    }

    /// The values of the buttons, by their place; `None` for a button that takes none.
    #[must_use]
    pub const fn buttons(mut self, buttons: &'a [Option<Text<'a>>]) -> Self {
        self.buttons = buttons;
        self
    }

    /// The id of the number that the message is sent from, where the workspace has several.
    #[must_use]
    pub const fn from_phone_number_id(mut self, id: &'a str) -> Self {
        self.from_phone_number_id = Some(id);
        self
    }
}

impl Object for TemplateMessage<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.recipient(self.to);
        let to_length = self.to.as_bytes().len();
        out.check(length(Field::PhoneNumber, to_length, 0, TEMPLATE_PHONE_MAX));
        out.text(Field::TemplateName, &self.name.into());
        out.text(Field::TemplateLanguage, &self.language.into());
        out.optional_str(Field::FromPhoneNumberId, self.from_phone_number_id);
        match &self.header {
            Some(TemplateHeader::Field(value)) => out.template_value(Field::HeaderField, value),
            Some(TemplateHeader::Image(url)) => out.url(Field::HeaderImageUrl, url),
            Some(TemplateHeader::Video(url)) => out.url(Field::HeaderVideoUrl, url),
            Some(TemplateHeader::Document { url, name }) => {
                out.url(Field::HeaderDocumentUrl, url);
                out.optional_str(Field::HeaderDocumentName, *name);
            }
            None => {}
        }
        let (fields, buttons) = (self.fields.len(), self.buttons.len());
        out.check(list_length(
            Field::BodyField(10),
            fields,
            TEMPLATE_FIELDS_MAX,
        ));
        for (number, value) in (1..).zip(self.fields.iter().take(TEMPLATE_FIELDS_MAX)) {
            out.template_value(Field::BodyField(number), value);
        }
        out.check(list_length(
            Field::ButtonValue(9),
            buttons,
            TEMPLATE_BUTTONS_MAX,
        ));
        for (number, value) in (0..).zip(self.buttons.iter().take(TEMPLATE_BUTTONS_MAX)) {
            if let Some(value) = value {
                out.template_value(Field::ButtonValue(number), value);
            }
        }
    }
}

impl Message for TemplateMessage<'_> {
    const KIND: Kind = Kind::Template;
}
