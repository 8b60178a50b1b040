//! What is put into an outbox.

use core::fmt;
use core::time::Duration;

use crate::{BorrowedRequest, E164};

/// An alert on its way into an outbox: what to send, to whom, and what may happen to it meanwhile.
///
/// It borrows the encoded requests; [`enqueue`](super::Outbox::enqueue) copies them.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use xobito_core::message::{TemplateMessage, TextMessage};
/// use xobito_core::outbox::{Coalesce, Duplicates, Entry, Key, Priority};
/// use xobito_core::{E164, Request, checked};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// const DOOR_OF_3: Key = Key(3);
/// let text = Request::<256>::new(&TextMessage::new(&ON_CALL, "Freezer 3 is open"))?;
/// let template = Request::<256>::new(&TemplateMessage::new(&ON_CALL, "freezer_open", "en"))?;
/// let entry = Entry::new(&text, ON_CALL, Duplicates::AtLeastOnce)
///     .priority(Priority::High)
///     .time_to_live(Duration::from_secs(3600))
///     .key(DOOR_OF_3, Coalesce::KeepFirst)
///     .fallback(&template); // for when ON_CALL has not written in the last 24 hours
/// # let _ = entry;
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub struct Entry<'a> {
    pub(super) request: BorrowedRequest<'a>,
    pub(super) recipient: E164,
    pub(super) duplicates: Duplicates,
    pub(super) priority: Priority,
    pub(super) time_to_live: Option<Duration>,
    pub(super) key: Option<(Key, Coalesce)>,
    pub(super) template: Option<BorrowedRequest<'a>>,
    pub(super) template_first: bool,
}

impl<'a> Entry<'a> {
    /// An alert that is sent as `request` to `recipient`, whom the request names too.
    ///
    /// `duplicates` decides what happens when nobody can tell whether a message went out.
    pub fn new(
        request: impl Into<BorrowedRequest<'a>>,
        recipient: E164,
        duplicates: Duplicates,
    ) -> Self {
        Self {
            request: request.into(),
            recipient,
            duplicates,
            priority: Priority::Normal,
            time_to_live: None,
            key: None,
            template: None,
            template_first: false,
        }
    }

    /// How urgent it is; normal unless said.
    pub const fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// How long it may wait; as the outbox's configuration says unless said here. Zero is over at once, [`Duration::MAX`]
    /// is forever.
    ///
    /// What is over is not sent any more, but what was sent within its time is followed beyond it.
    pub const fn time_to_live(mut self, time_to_live: Duration) -> Self {
        self.time_to_live = Some(time_to_live);
        self
    }

    /// What it is about, and what happens when an entry about the same for the same recipient still waits.
    pub const fn key(mut self, key: Key, coalesce: Coalesce) -> Self {
        self.key = Some((key, coalesce));
        self
    }

    /// A template message to send instead where the API refuses the request, or reports later that the 24-hour window was
    /// closed.
    pub fn fallback(mut self, template: impl Into<BorrowedRequest<'a>>) -> Self {
        self.template = Some(template.into());
        self.template_first = false;
        self
    }

    /// A template message to send first; the request itself is sent only where the API refuses the template.
    pub fn template_first(mut self, template: impl Into<BorrowedRequest<'a>>) -> Self {
        self.template = Some(template.into());
        self.template_first = true;
        self
    }
}

/// Names an entry of an outbox. Later entries have larger ones, also across resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct EntryId(pub u32);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an alert is about, as a number of the firmware's choice: a sensor, a kind of alarm, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Key(pub u32);

/// How urgent an entry is. Among what may go, the more urgent goes first; among equals, the older.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[allow(missing_docs)] // Their names say it.
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    /// From 0 for low to 3 for urgent.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Low => 0,
            Self::Normal => 1,
            Self::High => 2,
            Self::Urgent => 3,
        }
    }

    /// The other way.
    #[must_use]
    pub const fn from_level(level: u8) -> Option<Self> {
        Some(match level {
            0 => Self::Low,
            1 => Self::Normal,
            2 => Self::High,
            3 => Self::Urgent,
            _ => return None,
        })
    }
}

/// What happens when nobody can tell whether a message went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Duplicates {
    /// It is sent again until an answer settles it or its time is over: it may arrive more than once.
    AtLeastOnce,
    /// It is not sent again, and reported as unknown: it may not arrive.
    AtMostOnce,
}

/// What happens to a newcomer whose key and recipient are those of an entry that waits: one message stands for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Coalesce {
    /// What waits stays as it is, and only counts one more.
    KeepFirst,
    /// The newcomer's requests, priority, time to live and policy take the place of what waits, which keeps its id and its place
    /// among entries of that priority, and counts one more.
    ReplaceWithLatest,
}

/// Which of an entry's two messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Part {
    /// The request that it was made of.
    Request,
    /// The template beside it.
    Template,
}
