//! The messages that the API sends, one type for each kind.
//!
//! A message borrows its parts and is checked when it is encoded, by [`Request::new`](crate::Request::new) or
//! [`Streamed::new`](crate::Streamed::new): only then is text from `format_args!` known. What can be ruled out
//! earlier is: reply buttons and a URL button never meet, a text message has no header, audio has no caption.

mod buttons;
mod contact;
mod field;
mod media;
mod phone_query;
mod template;
mod text;
mod url;
mod url_button;
pub(crate) mod wire;

pub use buttons::{ButtonCount, ButtonMessage, ReplyButton, ReplyButtons};
pub use contact::{Contact, Groups};
pub use field::{Field, InvalidMessage};
pub use media::{Media, MediaMessage};
pub use phone_query::PhoneQuery;
pub use template::{TemplateHeader, TemplateMessage};
pub use text::TextMessage;
pub use url_button::UrlMessage;

use crate::limits::INTERACTIVE_BODY_META_MAX;
use core::fmt;

/// A message of any kind: [`TextMessage`], [`ButtonMessage`], [`UrlMessage`], [`TemplateMessage`] or
/// [`MediaMessage`]. The trait is sealed; it serves to write `fn send(message: &impl Message)`.
pub trait Message: wire::Object {
    /// Which endpoint takes it.
    const KIND: crate::Kind;
}

/// Something that the API documents as fine and Meta, behind it, refuses.
///
/// Nothing is refused here because of it; tell whoever writes the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Warning {
    /// The body of a message with buttons is longer than Meta takes: expect a 500, or a later `failed`.
    InteractiveBodyLength {
        /// How many characters it has; Meta takes [`INTERACTIVE_BODY_META_MAX`].
        characters: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InteractiveBodyLength { characters } => write!(
                f,
                "message_body has {characters} characters: the API documents more, but Meta refuses a body over \
                 {INTERACTIVE_BODY_META_MAX} when there are buttons"
            ),
        }
    }
}

/// Holds a text that is not rendered against its limits, in characters.
fn field_len(field: Field, text: &str, min: usize, max: usize) -> Result<(), InvalidMessage> {
    let actual = text.chars().count();
    if actual < min {
        return Err(InvalidMessage::TooShort {
            field,
            limit: min,
            actual,
        });
    }
    if actual > max {
        return Err(InvalidMessage::TooLong {
            field,
            limit: max,
            actual,
        });
    }
    Ok(())
}

/// Holds the length of a list against its limit.
const fn list_len(field: Field, actual: usize, limit: usize) -> Result<(), InvalidMessage> {
    if actual > limit {
        return Err(InvalidMessage::TooMany {
            field,
            limit,
            actual,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
