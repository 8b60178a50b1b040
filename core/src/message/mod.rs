//! The messages that the API sends, one type for each kind.
//!
//! A message borrows its parts and is checked when it is encoded, by [`Request::new`](crate::Request::new) or
//! [`Streamed::new`](crate::Streamed::new): only then is text from `format_args!` known. What can be ruled out
//! earlier is: reply buttons and a URL button never meet, a text message has no header, audio has no caption.
//!
//! # What does not compile
//! Each of these differs from what compiles in its last line only.
//! ```
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const A: ReplyButton = ReplyButton { id: "a", title: "A" };
//! # const URL: &str = "https://plant.example";
//! TextMessage::new(&TO, "Pump 7 stopped");
//! ButtonMessage::new(&TO, "Pump 7 stopped", [A, A, A]).header("Plant north");
//! UrlMessage::new(&TO, "Pump 7 stopped", "Open", URL).footer("Plant north");
//! TemplateMessage::new(&TO, "alert", "en").header(TemplateHeader::Image(URL));
//! MediaMessage::new(&TO, Media::Image { url: URL, caption: None });
//! ```
//! A text with a header:
//! ```compile_fail,E0599
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! TextMessage::new(&TO, "Pump 7 stopped").header("Plant north");
//! ```
//! Four reply buttons:
//! ```compile_fail,E0277
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const A: ReplyButton = ReplyButton { id: "a", title: "A" };
//! ButtonMessage::new(&TO, "Pump 7 stopped", [A, A, A, A]);
//! ```
//! A URL button beside reply buttons:
//! ```compile_fail,E0599
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const A: ReplyButton = ReplyButton { id: "a", title: "A" };
//! UrlMessage::new(&TO, "Pump 7 stopped", "Open", "https://plant.example").buttons([A]);
//! ```
//! Two headers of one template:
//! ```compile_fail,E0308
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const URL: &str = "https://plant.example";
//! TemplateMessage::new(&TO, "alert", "en").header([TemplateHeader::Image(URL), TemplateHeader::Video(URL)]);
//! ```
//! A sound with a caption, a picture with a file name:
//! ```compile_fail,E0559
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const URL: &str = "https://plant.example";
//! MediaMessage::new(&TO, Media::Audio { url: URL, caption: None });
//! ```
//! ```compile_fail,E0559
//! # use xobito_core::{E164, checked, message::*};
//! # const TO: E164 = checked!(E164::new("+14155551234"));
//! # const URL: &str = "https://plant.example";
//! MediaMessage::new(&TO, Media::Image { url: URL, caption: None, filename: None });
//! ```

mod buttons;
mod contact;
mod field;
mod interactive;
mod media;
mod phone_query;
mod template;
mod text;
mod trimmed;
pub(crate) mod url;
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

/// Holds a number of characters against its limits.
const fn length(field: Field, actual: usize, min: usize, max: usize) -> Result<(), InvalidMessage> {
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
const fn list_length(field: Field, actual: usize, limit: usize) -> Result<(), InvalidMessage> {
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
