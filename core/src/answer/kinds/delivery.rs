//! What became of a message.

use core::fmt;

use super::sealed::{Fields, Member, Place, Value};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured, TEXT};
use crate::limits::MESSAGE_ID_MAX;
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;

/// What became of a message so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The state's word.
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

    fn from_word(word: Option<&Captured<12>>) -> Self {
        match word
            .filter(|word| !word.is_cut())
            .map_or(&b""[..], Captured::as_bytes)
        {
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

    const MEMBERS: &'static [Member] = &[
        Member("delivery_status", Place::State),
        Member("error_message", Place::ErrorMessage),
        Member("last_updated", Place::LastUpdated),
        Member("message_id", Place::MessageId),
    ];

    fn text(&mut self, place: Place, _: &[u8], begins: bool) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::State => Captured::part(&mut self.word, begins),
            Place::ErrorMessage => {
                if begins {
                    self.window_closed = false;
                }
                Captured::part(&mut self.error, begins)
            }
            Place::LastUpdated => Captured::part(&mut self.last_updated, begins),
            Place::MessageId => Captured::part(&mut self.message_id, begins),
            _ => return None,
        })
    }

    fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::State => self.word = None,
            Place::ErrorMessage => {
                self.error = None;
                self.window_closed = false;
            }
            Place::WindowClosed => self.window_closed = value.boolean() == Some(true),
            Place::LastUpdated => self.last_updated = None,
            Place::MessageId => self.message_id = None,
            _ => {}
        }
    }

    fn complete(&mut self, _: Option<&[u8]>) {
        self.state = DeliveryState::from_word(self.word.as_ref());
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
