//! A message that the API took.

use core::fmt;

use super::sealed::{Fields, Place};
use crate::answer::{Answer, Captured};
use crate::limits::MESSAGE_ID_MAX;
use crate::message_id::{InvalidMessageId, MessageId};
use crate::outcome::UnknownCause;
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
