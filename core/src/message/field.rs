//! The fields of a message, by their names in the API, and what can be wrong with one.

use core::fmt;

use super::wire::{Rule, key};
use crate::limits::{
    BODY_MAX, BUTTON_ID_MAX, BUTTON_TEXT_MAX, BUTTON_TITLE_MAX, CAPTION_MAX, FILE_NAME_MAX,
    FOOTER_MAX, HEADER_MAX, TEMPLATE_LANGUAGE_MAX, TEMPLATE_LANGUAGE_MIN,
};

/// A field of a request. `Display` gives the API's own name, with dots: `buttons.0.title`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)] // The variants are the API's names, listed in the documentation of each message.
#[non_exhaustive]
pub enum Field {
    PhoneNumber,
    MessageBody,
    Header,
    Footer,
    Buttons,
    /// The `id` of the reply button at this place, counted from 0.
    ButtonId(u8),
    /// The `title` of the reply button at this place, counted from 0.
    ButtonTitle(u8),
    ButtonText,
    ButtonUrl,
    TemplateName,
    TemplateLanguage,
    FromPhoneNumberId,
    /// `header_field_1`
    HeaderField,
    HeaderImageUrl,
    HeaderVideoUrl,
    HeaderDocumentUrl,
    HeaderDocumentName,
    /// `field_1` to `field_10`; the API counts from 1, and so does this.
    BodyField(u8),
    /// `button_0` and so on.
    ButtonValue(u8),
    MediaUrl,
    Caption,
    Filename,
    ContactFirstname,
    ContactLastname,
    ContactEmail,
    ContactCountry,
    ContactGroups,
}

impl Field {
    /// The key under which the field stands in its object, without its number, and what the API demands of its text.
    #[inline(always)]
    #[allow(clippy::inline_always)] // With a constant field only that one rule ends up in the image.
    pub(crate) const fn rule(self) -> &'static Rule {
        match self {
            Self::PhoneNumber => const { &Rule::any(key!("phone_number")) },
            Self::MessageBody => const { &Rule::up_to(BODY_MAX, key!("message_body")) },
            Self::Header => const { &Rule::up_to(HEADER_MAX, key!("header")) },
            Self::Footer => const { &Rule::up_to(FOOTER_MAX, key!("footer")) },
            Self::Buttons => const { &Rule::any(key!("buttons")) },
            Self::ButtonId(_) => const { &Rule::up_to(BUTTON_ID_MAX, key!("id")) },
            Self::ButtonTitle(_) => const { &Rule::up_to(BUTTON_TITLE_MAX, key!("title")) },
            Self::ButtonText => const { &Rule::up_to(BUTTON_TEXT_MAX, key!("button_text")) },
            Self::ButtonUrl => const { &Rule::required(key!("button_url")) },
            Self::TemplateName => const { &Rule::required(key!("template_name")) },
            Self::TemplateLanguage => {
                const {
                    &Rule::between(
                        TEMPLATE_LANGUAGE_MIN,
                        TEMPLATE_LANGUAGE_MAX,
                        key!("template_language"),
                    )
                }
            }
            Self::FromPhoneNumberId => const { &Rule::required(key!("from_phone_number_id")) },
            Self::HeaderField => const { &Rule::required(key!("header_field_1")) },
            Self::HeaderImageUrl => const { &Rule::required(key!("header_image_url")) },
            Self::HeaderVideoUrl => const { &Rule::required(key!("header_video_url")) },
            Self::HeaderDocumentUrl => const { &Rule::required(key!("header_document_url")) },
            Self::HeaderDocumentName => {
                const { &Rule::up_to(FILE_NAME_MAX, key!("header_document_name")) }
            }
            Self::BodyField(_) => const { &Rule::required(key!("field_")) },
            Self::ButtonValue(_) => const { &Rule::required(key!("button_")) },
            Self::MediaUrl => const { &Rule::required(key!("media_url")) },
            Self::Caption => const { &Rule::up_to(CAPTION_MAX, key!("caption")) },
            Self::Filename => const { &Rule::up_to(FILE_NAME_MAX, key!("filename")) },
            Self::ContactFirstname => const { &Rule::any(key!("firstname")) },
            Self::ContactLastname => const { &Rule::any(key!("lastname")) },
            Self::ContactEmail => const { &Rule::any(key!("email")) },
            Self::ContactCountry => const { &Rule::any(key!("country")) },
            Self::ContactGroups => const { &Rule::required(key!("groups")) },
        }
    }
}

impl Field {
    /// What stands behind the key of a numbered field.
    pub(crate) const fn number(self) -> Option<u8> {
        match self {
            Self::BodyField(number) | Self::ButtonValue(number) => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ButtonId(place) | Self::ButtonTitle(place) => write!(f, "buttons.{place}.")?,
            Self::ContactFirstname
            | Self::ContactLastname
            | Self::ContactEmail
            | Self::ContactCountry
            | Self::ContactGroups => f.write_str("contact.")?,
            _ => {}
        }
        f.write_str(self.rule().key.name())?;
        self.number().map_or(Ok(()), |number| number.fmt(f))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a message was not encoded: the field, the rule and the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InvalidMessage {
    /// A field that the API requires is empty, or has nothing but spaces.
    Empty {
        /// Which.
        field: Field,
    },
    /// A field has fewer characters than the API takes.
    TooShort {
        /// Which.
        field: Field,
        /// Characters at least.
        limit: usize,
        /// Characters found.
        actual: usize,
    },
    /// A field has more characters than the API takes.
    TooLong {
        /// Which.
        field: Field,
        /// Characters at most.
        limit: usize,
        /// Characters found.
        actual: usize,
    },
    /// A list has more entries than the API takes.
    TooMany {
        /// Which.
        field: Field,
        /// Entries at most.
        limit: usize,
        /// Entries found.
        actual: usize,
    },
    /// Two reply buttons have the same id or the same title.
    Duplicate {
        /// The second of the two.
        field: Field,
    },
    /// A reply button's id begins or ends with a space.
    SpaceAtEdge {
        /// Which.
        field: Field,
    },
    /// Not a valid http or https URL.
    Url {
        /// Which.
        field: Field,
        /// The first byte that does not fit, counted from 0.
        position: usize,
    },
    /// A template value has a newline, a tab or more than four spaces in a row, which Meta refuses.
    TemplateValue {
        /// Which.
        field: Field,
    },
    /// A `Display` inside of `format_args!` answered with an error.
    Unformattable {
        /// Which field it was meant for.
        field: Field,
    },
}

impl InvalidMessage {
    /// The field that is wrong.
    #[must_use]
    pub const fn field(&self) -> Field {
        match *self {
            Self::Empty { field }
            | Self::TooShort { field, .. }
            | Self::TooLong { field, .. }
            | Self::TooMany { field, .. }
            | Self::Duplicate { field }
            | Self::SpaceAtEdge { field }
            | Self::Url { field, .. }
            | Self::TemplateValue { field }
            | Self::Unformattable { field } => field,
        }
    }
}

impl fmt::Display for InvalidMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field())?;
        match self {
            Self::Empty { .. } => f.write_str("must not be empty"),
            Self::TooShort { limit, actual, .. } => {
                write!(f, "{actual} characters, at least {limit} are needed")
            }
            Self::TooLong { limit, actual, .. } => {
                write!(f, "{actual} characters, at most {limit} are allowed")
            }
            Self::TooMany { limit, actual, .. } => {
                write!(f, "{actual} entries, at most {limit} are allowed")
            }
            Self::Duplicate { .. } => {
                f.write_str("must differ from the one before: every button needs its own")
            }
            Self::SpaceAtEdge { .. } => f.write_str("must not begin or end with a space"),
            Self::Url { position, .. } => write!(
                f,
                "must be a URL such as https://example.com/path (http or https, no spaces): see position {position}"
            ),
            Self::TemplateValue { .. } => f.write_str(
                "a template value must not have a newline, a tab or more than 4 spaces in a row",
            ),
            Self::Unformattable { .. } => {
                f.write_str("the value that was to be formatted answered with an error")
            }
        }
    }
}

impl core::error::Error for InvalidMessage {}
