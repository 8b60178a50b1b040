//! A message that the API took.

use core::fmt;

use super::sealed::{Fields, Member, Place, Value};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured};
use crate::limits::MESSAGE_ID_MAX;
use crate::message_id::{InvalidMessageId, MessageId};
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;

/// The API took the message. That is not delivery: ask after that with the id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    const MEMBERS: &'static [Member] = &[
        Member("message_id", Place::MessageId),
        Member("contact_id", Place::ContactId),
        Member("phone", Place::Phone),
        Member("status", Place::State),
        Member("sent_at", Place::SentAt),
        Member("chat_id", Place::ChatId),
        Member("contact_created", Place::ContactCreated),
        Member("whatsapp_response", Place::WhatsApp),
    ];

    fn text(&mut self, place: Place, run: &[u8], begins: bool) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::MessageId => {
                if begins && self.own_id {
                    self.message_id.clear();
                    self.own_id = false;
                }
                // An empty text is no id; the first byte of one takes the place of WhatsApp's.
                if !run.is_empty() && !self.own_id {
                    self.message_id.clear();
                    self.own_id = true;
                }
                self.message_id.any()
            }
            Place::WhatsAppId if !self.own_id => {
                if begins {
                    self.message_id.clear();
                }
                self.message_id.any()
            }
            Place::Phone => Captured::part(&mut self.phone, begins),
            Place::State => Captured::part(&mut self.status, begins),
            Place::SentAt => Captured::part(&mut self.sent_at, begins),
            _ => return None,
        })
    }

    fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::MessageId if self.own_id => {
                self.message_id.clear();
                self.own_id = false;
            }
            Place::WhatsApp | Place::Messages | Place::WhatsAppId if !self.own_id => {
                self.message_id.clear();
            }
            Place::Phone => self.phone = None,
            Place::State => self.status = None,
            Place::SentAt => self.sent_at = None,
            Place::ContactId => self.contact_id = value.number(),
            Place::ChatId => self.chat_id = value.number(),
            Place::ContactCreated => self.contact_created = value.boolean(),
            _ => {}
        }
    }

    fn complete(&mut self, message: Option<&[u8]>) {
        if let Some(message) = message {
            Captured::part(&mut self.message, true).push(message);
        }
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
