//! A message that the API took.

use core::fmt;

use super::sealed::{Fields, Member, Place};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured};
use crate::json::reader::Kind;
use crate::limits::MESSAGE_ID_MAX;
use crate::message_id::{InvalidMessageId, MessageId};
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;
use crate::outcome::sealed::Answered;

/// The API took the message. That is not delivery: ask after that with the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Accepted<const ID: usize = MESSAGE_ID_MAX> {
    /// The message's id (wamid); never empty. See [`Accepted::id`].
    pub message_id: Captured<ID>,
    /// The id was found at its own place, so the one in WhatsApp's answer is of no interest.
    own_id: bool,
    message: Captured<32>,
    contact_id: Captured<20>,
    phone: Captured<24>,
    status: Captured<16>,
    sent_at: Captured<32>,
    chat_id: Captured<20>,
    contact_created: Captured<0>,
}

impl<const ID: usize> Accepted<ID> {
    /// The id to ask after the delivery with.
    ///
    /// # Errors
    /// [`InvalidMessageId`] where the server's id is longer than `ID` or than a [`MessageId`], or is no path segment.
    pub fn id(&self) -> Result<MessageId, InvalidMessageId> {
        self.whole_id().and_then(MessageId::new)
    }

    /// The text of such an id, if it is one; an id itself is large.
    pub(crate) fn usable_id(&self) -> Option<&str> {
        let id = self.whole_id().ok()?;
        let is_usable = id.len() <= MESSAGE_ID_MAX && MessageId::check(id).is_ok();
        is_usable.then_some(id)
    }

    fn whole_id(&self) -> Result<&str, InvalidMessageId> {
        if self.message_id.is_cut() {
            return Err(InvalidMessageId::TooLong { bytes: ID });
        }
        Ok(self.message_id.as_str())
    }

    /// The API's own words, such as `Message sent successfully`.
    #[must_use]
    pub fn message(&self) -> Option<&Captured<32>> {
        self.message.text()
    }

    /// The recipient's contact in the workspace.
    #[must_use]
    pub fn contact_id(&self) -> Option<u64> {
        self.contact_id.number()
    }

    /// The recipient's number as the API wrote it.
    #[must_use]
    pub fn phone(&self) -> Option<&Captured<24>> {
        self.phone.text()
    }

    /// The message's state, such as `sent`.
    #[must_use]
    pub fn status(&self) -> Option<&Captured<16>> {
        self.status.text()
    }

    /// When it was sent: ISO 8601, UTC, microseconds.
    #[must_use]
    pub fn sent_at(&self) -> Option<&Captured<32>> {
        self.sent_at.text()
    }

    /// The chat in the workspace.
    #[must_use]
    pub fn chat_id(&self) -> Option<u64> {
        self.chat_id.number()
    }

    /// Whether the recipient was unknown until now.
    #[must_use]
    pub fn contact_created(&self) -> Option<bool> {
        self.contact_created.boolean()
    }

    /// Whether there is an id from its own place.
    fn has_own_id(&self) -> bool {
        self.own_id && !self.message_id.is_empty()
    }
}

impl<const ID: usize> Answer for Accepted<ID> {}

impl<const ID: usize> Answered for Accepted<ID> {
    const HARMLESS: bool = false;

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "accepted as {}", self.message_id)
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("message_id", &self.message_id)?;
        optional(map, "message", self.message())?;
        optional(map, "contact_id", self.contact_id().as_ref())?;
        optional(map, "phone", self.phone())?;
        optional(map, "status", self.status())?;
        optional(map, "sent_at", self.sent_at())?;
        optional(map, "chat_id", self.chat_id().as_ref())?;
        optional(map, "contact_created", self.contact_created().as_ref())
    }
}

impl<const ID: usize> Fields for Accepted<ID> {
    const EMPTY: Self = Self {
        message_id: Captured::new(),
        own_id: false,
        message: Captured::new(),
        contact_id: Captured::new(),
        phone: Captured::new(),
        status: Captured::new(),
        sent_at: Captured::new(),
        chat_id: Captured::new(),
        contact_created: Captured::new(),
    };

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

    fn slot(&mut self, place: Place, bytes: usize) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::MessageId => {
                // An empty text is no id; the first byte of one takes the place of WhatsApp's.
                if bytes > 0 && !self.own_id {
                    self.own_id = true;
                    self.message_id.any().begin(Kind::Text);
                }
                if !self.own_id {
                    return None;
                }
                self.message_id.any()
            }
            Place::WhatsAppId | Place::WhatsApp | Place::Messages if !self.has_own_id() => {
                self.own_id = false;
                self.message_id.any()
            }
            Place::ContactId => self.contact_id.any(),
            Place::Phone => self.phone.any(),
            Place::State => self.status.any(),
            Place::SentAt => self.sent_at.any(),
            Place::ChatId => self.chat_id.any(),
            Place::ContactCreated => self.contact_created.any(),
            _ => return None,
        })
    }

    fn complete(&mut self, message: &Capture<[u8]>) {
        self.message.any().copy_from(message);
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.message_id
            .is_empty()
            .then_some(UnknownCause::MissingId)
    }
}
