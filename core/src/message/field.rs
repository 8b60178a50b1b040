//! The fields of a message, by their names in the API, and what can be wrong with one.

use core::fmt;

use super::wire::{Key, key};

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
    /// The key under which the field stands in its object.
    #[inline(always)]
    #[allow(clippy::inline_always)] // With a constant field only that one name ends up in the image.
    pub(crate) const fn key(self) -> Key {
        match self {
            Self::PhoneNumber => key!("phone_number"),
            Self::MessageBody => key!("message_body"),
            Self::Header => key!("header"),
            Self::Footer => key!("footer"),
            Self::Buttons => key!("buttons"),
            Self::ButtonId(_) => key!("id"),
            Self::ButtonTitle(_) => key!("title"),
            Self::ButtonText => key!("button_text"),
            Self::ButtonUrl => key!("button_url"),
            Self::TemplateName => key!("template_name"),
            Self::TemplateLanguage => key!("template_language"),
            Self::FromPhoneNumberId => key!("from_phone_number_id"),
            Self::HeaderField => key!("header_field_1"),
            Self::HeaderImageUrl => key!("header_image_url"),
            Self::HeaderVideoUrl => key!("header_video_url"),
            Self::HeaderDocumentUrl => key!("header_document_url"),
            Self::HeaderDocumentName => key!("header_document_name"),
            Self::BodyField(number) => body_field_key(number),
            Self::ButtonValue(number) => button_value_key(number),
            Self::MediaUrl => key!("media_url"),
            Self::Caption => key!("caption"),
            Self::Filename => key!("filename"),
            Self::ContactFirstname => key!("firstname"),
            Self::ContactLastname => key!("lastname"),
            Self::ContactEmail => key!("email"),
            Self::ContactCountry => key!("country"),
            Self::ContactGroups => key!("groups"),
        }
    }
}

const fn body_field_key(number: u8) -> Key {
    match number {
        1 => key!("field_1"),
        2 => key!("field_2"),
        3 => key!("field_3"),
        4 => key!("field_4"),
        5 => key!("field_5"),
        6 => key!("field_6"),
        7 => key!("field_7"),
        8 => key!("field_8"),
        9 => key!("field_9"),
        _ => key!("field_10"),
    }
}

const fn button_value_key(number: u8) -> Key {
    match number {
        0 => key!("button_0"),
        1 => key!("button_1"),
        2 => key!("button_2"),
        3 => key!("button_3"),
        4 => key!("button_4"),
        5 => key!("button_5"),
        6 => key!("button_6"),
        7 => key!("button_7"),
        8 => key!("button_8"),
        _ => key!("button_9"),
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
        f.write_str(self.key().name())
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
