//! What an outbox reports.

use core::fmt;

use super::entry::{EntryId, Key};
use crate::{E164, Failure, Kind, MessageId, Reason};

/// Something that its owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // Without allocation there is nowhere else to put it.
pub enum Event {
    /// An entry came to its end. Every entry does, once.
    Ended(Ended),
    /// The API refused the token (401): nothing goes out until [`resume`](super::Outbox::resume). But where it refused it to a query,
    /// messages still go out, and find out for themselves; this comes once then, until a query is answered again.
    TokenRefused,
    /// The API refused this kind of message (403): none goes out until [`resume`](super::Outbox::resume).
    KindRefused(Kind),
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ended {
    /// Which entry.
    pub id: EntryId,
    /// Its end.
    pub end: End,
    /// What it was about.
    pub key: Option<Key>,
    /// Whom it was for.
    pub recipient: E164,
    /// How many alerts it stood for.
    pub stands_for: u32,
    /// How often it was sent, or tried to be.
    pub attempts: u16,
    /// The message's id, if the API took it.
    pub message_id: Option<MessageId>,
}

/// How an entry ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum End {
    /// It is on the recipient's phone.
    Delivered,
    /// The recipient has seen it.
    Read,
    /// The API took it, and what became of it then is not known.
    AcceptedUntracked(Untracked),
    /// It will not arrive; where it took more than one attempt, unless an earlier one did whose outcome was unknown.
    Failed(FailedBecause),
    /// Its time to live was over before the API took it. Where [`attempts`](Ended::attempts) is not 0, one of them may have arrived.
    Expired,
    /// It made room for one of higher priority.
    Dropped,
    /// It may have been sent or not, and at-most-once forbids to send it again.
    Unknown,
}

/// Why nobody asks after an accepted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Untracked {
    /// The configuration does not ask for it.
    NotFollowed,
    /// Its id cannot be asked after: it is longer than [`MESSAGE_ID_MAX`](crate::limits::MESSAGE_ID_MAX), or no path segment.
    UnusableId,
    /// The API knows no such message, or offers no status (404).
    NotFound,
    /// The API refused the query.
    Refused,
    /// As often as the configuration allows, the message was still under way, or nobody said what became of it.
    GaveUp,
    /// Its slot was needed.
    RoomNeeded,
}

/// Why an entry failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FailedBecause {
    /// The API refused it.
    Rejected(Reason),
    /// It cannot be sent at all.
    NotSent(Failure),
    /// The API took it, and reported later that it failed.
    Undeliverable,
    /// The API took it, and reported later that the 24-hour window was closed; there was no template, or no time left for it.
    WindowClosed,
}

impl End {
    /// The word for it: `delivered`, `read`, `accepted-untracked`, `failed`, `expired`, `dropped` or `unknown`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::AcceptedUntracked(_) => "accepted-untracked",
            Self::Failed(_) => "failed",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
            Self::Unknown => "unknown",
        }
    }

    /// The word for the cause, where the end has one.
    #[must_use]
    pub const fn cause(self) -> Option<&'static str> {
        match self {
            Self::AcceptedUntracked(why) => Some(match why {
                Untracked::NotFollowed => "not-followed",
                Untracked::UnusableId => "unusable-id",
                Untracked::NotFound => "not-found",
                Untracked::Refused => "refused",
                Untracked::GaveUp => "gave-up",
                Untracked::RoomNeeded => "room-needed",
            }),
            Self::Failed(why) => Some(match why {
                FailedBecause::Rejected(reason) => reason.word(),
                FailedBecause::NotSent(failure) => failure.word(),
                FailedBecause::Undeliverable => "undeliverable",
                FailedBecause::WindowClosed => "window-closed",
            }),
            _ => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self.cause() {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} for {}: {}", self.id, self.recipient, self.end)
    }
}
