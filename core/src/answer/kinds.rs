//! What each endpoint answers when all went well.

use core::fmt;

use super::{Answer, Captured, TEXT};
use crate::limits::MESSAGE_ID_MAX;
use crate::message_id::{InvalidMessageId, MessageId};
use crate::outcome::UnknownCause;

pub(crate) mod sealed {
    use core::fmt;

    use crate::outcome::UnknownCause;

    /// Where the members of `data` go.
    pub trait Fields: Default {
        /// Asking again does no harm: nothing is sent by it.
        const HARMLESS: bool;
        /// The place of this member of `data`, if it matters. Whatever stood there is forgotten: the last one counts.
        fn place(&mut self, key: &[u8]) -> Option<Place>;
        /// More of the text for a place.
        fn text(&mut self, place: Place, run: &[u8]);
        /// The whole number for a place.
        fn number(&mut self, _place: Place, _value: u64) {}
        /// The boolean for a place.
        fn boolean(&mut self, _place: Place, _value: bool) {}
        /// Forgets the id that was found in WhatsApp's own answer.
        fn forget_whatsapp_id(&mut self) {}
        /// Forgets everything: another `data` came.
        fn clear(&mut self) {
            *self = Self::default();
        }
        /// The API's own words beside the answer.
        fn said(&mut self, _message: &[u8]) {}
        /// What is missing for this to be an answer.
        fn missing(&self) -> Option<UnknownCause>;
        /// Says in a few words what was answered.
        fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
        /// Writes what it has, by the API's names.
        #[cfg(feature = "serde")]
        fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    }

    /// A member of `data`, numbered by the answer that keeps it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Place {
        /// A text.
        Text(u8),
        /// A text in which the words for a closed window are looked for.
        ErrorText(u8),
        /// A whole number.
        Number(u8),
        /// A boolean.
        Boolean(u8),
        /// The object with WhatsApp's own answer, which may hold the message's id.
        WhatsApp,
        /// The message's id in WhatsApp's own answer.
        WhatsAppId,
    }
}

use sealed::{Fields, Place};

#[cfg(feature = "serde")]
use crate::outcome::json::optional;

/// The API took the message. That is not delivery: ask after that with the id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Accepted<const ID: usize = MESSAGE_ID_MAX> {
    /// The message's id (wamid); never empty. See [`Accepted::id`].
    pub message_id: Captured<ID>,
    /// The API's own words, such as `Message sent successfully`.
    pub message: Option<Captured<32>>,
    /// The recipient's contact in the workspace.
    pub contact_id: Option<u64>,
    /// The recipient's number as the API wrote it.
    pub phone: Option<Captured<24>>,
    /// The message's state, such as `sent`.
    pub status: Option<Captured<16>>,
    /// When it was sent: ISO 8601, UTC, microseconds.
    pub sent_at: Option<Captured<32>>,
    /// The chat in the workspace.
    pub chat_id: Option<u64>,
    /// Whether the recipient was unknown until now.
    pub contact_created: Option<bool>,
    /// The id was found at its own place, so the one in WhatsApp's answer is of no interest.
    own_id: bool,
}

impl<const ID: usize> Accepted<ID> {
    /// The id to ask after the delivery with.
    ///
    /// # Errors
    /// [`InvalidMessageId`] where the server's id is longer than `ID` or than a [`MessageId`], or is no path segment.
    pub fn id(&self) -> Result<MessageId, InvalidMessageId> {
        if self.message_id.is_cut() {
            return Err(InvalidMessageId::TooLong { bytes: ID });
        }
        MessageId::new(self.message_id.as_str())
    }
}

impl<const ID: usize> Answer for Accepted<ID> {}

impl<const ID: usize> Fields for Accepted<ID> {
    const HARMLESS: bool = false;

    fn place(&mut self, key: &[u8]) -> Option<Place> {
        match key {
            b"message_id" => {
                if self.own_id {
                    self.message_id = Captured::new();
                    self.own_id = false;
                }
                return Some(Place::Text(0));
            }
            b"whatsapp_response" => {
                self.forget_whatsapp_id();
                return Some(Place::WhatsApp);
            }
            b"phone" => self.phone = None,
            b"status" => self.status = None,
            b"sent_at" => self.sent_at = None,
            b"contact_id" => self.contact_id = None,
            b"chat_id" => self.chat_id = None,
            b"contact_created" => self.contact_created = None,
            _ => return None,
        }
        Some(match key {
            b"phone" => Place::Text(1),
            b"status" => Place::Text(2),
            b"sent_at" => Place::Text(3),
            b"contact_id" => Place::Number(0),
            b"chat_id" => Place::Number(1),
            _ => Place::Boolean(0),
        })
    }

    fn text(&mut self, place: Place, run: &[u8]) {
        match place {
            Place::Text(0) => {
                // An empty text is no id; the first byte of one takes the place of WhatsApp's.
                if !run.is_empty() && !self.own_id {
                    self.message_id = Captured::new();
                    self.own_id = true;
                }
                self.message_id.push(run);
            }
            Place::WhatsAppId if !self.own_id => self.message_id.push(run),
            Place::Text(1) => self.phone.get_or_insert_default().push(run),
            Place::Text(2) => self.status.get_or_insert_default().push(run),
            Place::Text(3) => self.sent_at.get_or_insert_default().push(run),
            _ => {}
        }
    }

    fn said(&mut self, message: &[u8]) {
        self.message = Some(Captured::from_bytes(message));
    }

    fn forget_whatsapp_id(&mut self) {
        if !self.own_id {
            self.message_id = Captured::new();
        }
    }

    fn number(&mut self, place: Place, value: u64) {
        match place {
            Place::Number(0) => self.contact_id = Some(value),
            _ => self.chat_id = Some(value),
        }
    }

    fn boolean(&mut self, _: Place, value: bool) {
        self.contact_created = Some(value);
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "accepted as {}", self.message_id)
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.message_id
            .is_empty()
            .then_some(UnknownCause::MissingId)
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("message_id", &self.message_id)?;
        optional(map, "message", self.message.as_ref())?;
        optional(map, "contact_id", self.contact_id.as_ref())?;
        optional(map, "phone", self.phone.as_ref())?;
        optional(map, "status", self.status.as_ref())?;
        optional(map, "sent_at", self.sent_at.as_ref())?;
        optional(map, "chat_id", self.chat_id.as_ref())?;
        optional(map, "contact_created", self.contact_created.as_ref())
    }
}

/// What became of a message so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Delivery<const N: usize = TEXT> {
    /// Whose delivery it is, as the API says; what was asked after is not held against it.
    pub message_id: Option<Captured<MESSAGE_ID_MAX>>,
    /// How far it got.
    pub state: DeliveryState,
    /// Why it failed, in the API's words.
    pub error: Option<Captured<N>>,
    /// When that was last changed: ISO 8601, UTC, microseconds.
    pub last_updated: Option<Captured<32>>,
    /// It failed because the recipient has not written in the last 24 hours: only a template will reach them.
    pub window_closed: bool,
    /// The state's word, while it arrives.
    word: Option<Captured<12>>,
}

/// How far a message got.
///
/// States may be skipped, and `Read` may never come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DeliveryState {
    /// Not yet handed to WhatsApp.
    Pending,
    /// Handed to WhatsApp.
    Sent,
    /// On the recipient's phone.
    Delivered,
    /// Seen by the recipient.
    Read,
    /// It will not arrive.
    Failed,
    /// A word that is not documented.
    #[default]
    Other,
}

impl DeliveryState {
    /// The API's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Other => "other",
        }
    }

    fn from_word(word: &[u8]) -> Self {
        match word {
            b"pending" => Self::Pending,
            b"sent" => Self::Sent,
            b"delivered" => Self::Delivered,
            b"read" => Self::Read,
            b"failed" => Self::Failed,
            _ => Self::Other,
        }
    }
}

impl<const N: usize> Answer for Delivery<N> {}

impl<const N: usize> Fields for Delivery<N> {
    const HARMLESS: bool = true;

    fn place(&mut self, key: &[u8]) -> Option<Place> {
        match key {
            b"delivery_status" => {
                self.word = None;
                Some(Place::Text(0))
            }
            b"error_message" => {
                self.error = None;
                self.window_closed = false;
                Some(Place::ErrorText(1))
            }
            b"last_updated" => {
                self.last_updated = None;
                Some(Place::Text(2))
            }
            b"message_id" => {
                self.message_id = None;
                Some(Place::Text(3))
            }
            _ => None,
        }
    }

    fn text(&mut self, place: Place, run: &[u8]) {
        match place {
            Place::Text(0) => {
                let word = self.word.get_or_insert_default();
                word.push(run);
                self.state = if word.is_cut() {
                    DeliveryState::Other
                } else {
                    DeliveryState::from_word(word.as_bytes())
                };
            }
            Place::ErrorText(1) => self.error.get_or_insert_default().push(run),
            Place::Text(2) => self.last_updated.get_or_insert_default().push(run),
            Place::Text(3) => self.message_id.get_or_insert_default().push(run),
            _ => {}
        }
    }

    fn boolean(&mut self, place: Place, value: bool) {
        if matches!(place, Place::ErrorText(_)) {
            self.window_closed = value;
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.as_str())?;
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.word
            .as_ref()
            .is_none_or(Captured::is_empty)
            .then_some(UnknownCause::MissingField)
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "message_id", self.message_id.as_ref())?;
        map.serialize_entry("delivery_status", self.state.as_str())?;
        optional(map, "error_message", self.error.as_ref())?;
        optional(map, "last_updated", self.last_updated.as_ref())?;
        map.serialize_entry("window_closed", &self.window_closed)
    }
}

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Validation<const N: usize = TEXT> {
    /// Whether it is well formed.
    pub format_valid: Option<bool>,
    /// The number as it was asked.
    pub phone: Option<Captured<24>>,
    /// Its digits.
    pub phone_digits: Option<Captured<16>>,
    /// The country calling code.
    pub country_code: Option<Captured<4>>,
    /// The country.
    pub country: Option<Captured<32>>,
    /// The number within the country.
    pub national_number: Option<Captured<16>>,
    /// The number in E.164 form.
    pub e164: Option<Captured<16>>,
    /// Why it is not well formed.
    pub reason: Option<Captured<N>>,
    /// A remark.
    pub note: Option<Captured<N>>,
}

impl<const N: usize> Answer for Validation<N> {}

impl<const N: usize> Fields for Validation<N> {
    const HARMLESS: bool = true;

    fn place(&mut self, key: &[u8]) -> Option<Place> {
        let place = match key {
            b"format_valid" => Place::Boolean(0),
            b"phone" => Place::Text(0),
            b"phone_digits" => Place::Text(1),
            b"country_code" => Place::Text(2),
            b"country" => Place::Text(3),
            b"national_number" => Place::Text(4),
            b"e164" => Place::Text(5),
            b"reason" => Place::Text(6),
            b"note" => Place::Text(7),
            _ => return None,
        };
        match place {
            Place::Text(0) => self.phone = None,
            Place::Text(1) => self.phone_digits = None,
            Place::Text(2) => self.country_code = None,
            Place::Text(3) => self.country = None,
            Place::Text(4) => self.national_number = None,
            Place::Text(5) => self.e164 = None,
            Place::Text(6) => self.reason = None,
            Place::Text(_) => self.note = None,
            _ => self.format_valid = None,
        }
        Some(place)
    }

    fn text(&mut self, place: Place, run: &[u8]) {
        match place {
            Place::Text(0) => self.phone.get_or_insert_default().push(run),
            Place::Text(1) => self.phone_digits.get_or_insert_default().push(run),
            Place::Text(2) => self.country_code.get_or_insert_default().push(run),
            Place::Text(3) => self.country.get_or_insert_default().push(run),
            Place::Text(4) => self.national_number.get_or_insert_default().push(run),
            Place::Text(5) => self.e164.get_or_insert_default().push(run),
            Place::Text(6) => self.reason.get_or_insert_default().push(run),
            Place::Text(7) => self.note.get_or_insert_default().push(run),
            _ => {}
        }
    }

    fn boolean(&mut self, _: Place, value: bool) {
        self.format_valid = Some(value);
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.format_valid == Some(true) {
            "well formed"
        } else {
            "not well formed"
        })?;
        match &self.reason {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.format_valid
            .is_none()
            .then_some(UnknownCause::MissingField)
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "format_valid", self.format_valid.as_ref())?;
        optional(map, "phone", self.phone.as_ref())?;
        optional(map, "phone_digits", self.phone_digits.as_ref())?;
        optional(map, "country_code", self.country_code.as_ref())?;
        optional(map, "country", self.country.as_ref())?;
        optional(map, "national_number", self.national_number.as_ref())?;
        optional(map, "e164", self.e164.as_ref())?;
        optional(map, "reason", self.reason.as_ref())?;
        optional(map, "note", self.note.as_ref())
    }
}
