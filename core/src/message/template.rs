//! A message from an approved template: the only kind that opens a conversation.

use super::wire::{Members, Object, Rule};
use super::{Field, InvalidMessage, Message, url};
use crate::limits::{
    FILE_NAME_MAX, TEMPLATE_BUTTONS_MAX, TEMPLATE_FIELDS_MAX, TEMPLATE_LANGUAGE_MAX,
    TEMPLATE_LANGUAGE_MIN, TEMPLATE_PHONE_MAX,
};
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
    fn check(&self) -> Result<(), InvalidMessage> {
        super::field_len(Field::PhoneNumber, self.to.as_str(), 0, TEMPLATE_PHONE_MAX)?;
        super::list_len(Field::BodyField(10), self.fields.len(), TEMPLATE_FIELDS_MAX)?;
        super::list_len(
            Field::ButtonValue(9),
            self.buttons.len(),
            TEMPLATE_BUTTONS_MAX,
        )?;
        match self.header {
            Some(TemplateHeader::Image(url)) => url::check(Field::HeaderImageUrl, url),
            Some(TemplateHeader::Video(url)) => url::check(Field::HeaderVideoUrl, url),
            Some(TemplateHeader::Document { url, .. }) => url::check(Field::HeaderDocumentUrl, url),
            Some(TemplateHeader::Field(_)) | None => Ok(()),
        }
    }

    fn members<M: Members>(&self, out: &mut M) {
        const LANGUAGE: Rule = Rule::between(TEMPLATE_LANGUAGE_MIN, TEMPLATE_LANGUAGE_MAX);
        out.recipient(self.to);
        out.text(Field::TemplateName, Rule::REQUIRED, self.name.into());
        out.text(Field::TemplateLanguage, LANGUAGE, self.language.into());
        out.optional(
            Field::FromPhoneNumberId,
            Rule::REQUIRED,
            self.from_phone_number_id.map(Into::into),
        );
        match self.header {
            Some(TemplateHeader::Field(value)) => {
                out.text(Field::HeaderField, Rule::TEMPLATE_VALUE, value);
            }
            Some(TemplateHeader::Image(url)) => {
                out.text(Field::HeaderImageUrl, Rule::REQUIRED, url.into());
            }
            Some(TemplateHeader::Video(url)) => {
                out.text(Field::HeaderVideoUrl, Rule::REQUIRED, url.into());
            }
            Some(TemplateHeader::Document { url, name }) => {
                out.text(Field::HeaderDocumentUrl, Rule::REQUIRED, url.into());
                out.optional(
                    Field::HeaderDocumentName,
                    Rule::up_to(FILE_NAME_MAX),
                    name.map(Into::into),
                );
            }
            None => {}
        }
        for (number, value) in (1..).zip(self.fields) {
            out.text(Field::BodyField(number), Rule::TEMPLATE_VALUE, *value);
        }
        for (number, value) in (0..).zip(self.buttons) {
            out.optional(Field::ButtonValue(number), Rule::TEMPLATE_VALUE, *value);
        }
    }
}

impl Message for TemplateMessage<'_> {
    const KIND: Kind = Kind::Template;
}
