//! What became of a message.

use core::fmt;

use super::sealed::{Fields, Member, Place};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured, TEXT};
use crate::limits::MESSAGE_ID_MAX;
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;
use crate::outcome::sealed::Answered;

/// What became of a message so far.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Delivery<const N: usize = TEXT> {
    message_id: Captured<MESSAGE_ID_MAX>,
    /// The state's word.
    state: Captured<12>,
    error: Captured<N>,
    last_updated: Captured<32>,
}

impl<const N: usize> Delivery<N> {
    /// How far it got.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        if self.state.is_cut() {
            return DeliveryState::Other;
        }
        match self.state.as_bytes() {
            b"pending" => DeliveryState::Pending,
            b"sent" => DeliveryState::Sent,
            b"delivered" => DeliveryState::Delivered,
            b"read" => DeliveryState::Read,
            b"failed" => DeliveryState::Failed,
            _ => DeliveryState::Other,
        }
    }

    /// It failed because the recipient has not written in the last 24 hours: only a template will reach them.
    #[must_use]
    pub const fn window_closed(&self) -> bool {
        self.error.tells_of_window()
    }

    /// Whose delivery it is, as the API says; what was asked after is not held against it.
    #[must_use]
    pub fn message_id(&self) -> Option<&Captured<MESSAGE_ID_MAX>> {
        self.message_id.text()
    }

    /// Why it failed, in the API's words.
    #[must_use]
    pub fn error(&self) -> Option<&Captured<N>> {
        self.error.text()
    }

    /// When that was last changed: ISO 8601, UTC, microseconds.
    #[must_use]
    pub fn last_updated(&self) -> Option<&Captured<32>> {
        self.last_updated.text()
    }
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
}

impl<const N: usize> PartialEq for Delivery<N> {
    fn eq(&self, other: &Self) -> bool {
        // Two errors may differ in what was not kept of them only.
        self.window_closed() == other.window_closed()
            && self.message_id == other.message_id
            && self.state == other.state
            && self.error == other.error
            && self.last_updated == other.last_updated
    }
}

impl<const N: usize> Eq for Delivery<N> {}

impl<const N: usize> Answer for Delivery<N> {}

impl<const N: usize> Answered for Delivery<N> {
    const HARMLESS: bool = true;

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state().as_str())?;
        match self.error() {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "message_id", self.message_id())?;
        map.serialize_entry("delivery_status", self.state().as_str())?;
        optional(map, "error_message", self.error())?;
        optional(map, "last_updated", self.last_updated())?;
        map.serialize_entry("window_closed", &self.window_closed())
    }
}

impl<const N: usize> Fields for Delivery<N> {
    const EMPTY: Self = Self {
        message_id: Captured::new(),
        state: Captured::new(),
        error: Captured::new(),
        last_updated: Captured::new(),
    };

    const MEMBERS: &'static [Member] = &[
        Member("delivery_status", Place::State),
        Member("error_message", Place::ErrorMessage),
        Member("last_updated", Place::LastUpdated),
        Member("message_id", Place::MessageId),
    ];

    fn slot(&mut self, place: Place, _: usize) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::State => self.state.any(),
            Place::ErrorMessage => self.error.any(),
            Place::LastUpdated => self.last_updated.any(),
            Place::MessageId => self.message_id.any(),
            _ => return None,
        })
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.state.is_empty().then_some(UnknownCause::MissingField)
    }
}
