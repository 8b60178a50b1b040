//! What an outbox is told once.

use core::time::Duration;

use super::backoff::Backoff;
use super::budget::Budget;
use super::clock::settled;
use crate::limits::{
    OUTBOX_COOL_DOWN, OUTBOX_LINK_WAIT_FIRST, OUTBOX_LINK_WAIT_LONGEST, OUTBOX_QUERIES,
    OUTBOX_QUERY_FIRST, OUTBOX_QUERY_LONGEST, OUTBOX_RECIPIENT_GAP, OUTBOX_RETRY_WAIT_FIRST,
    OUTBOX_RETRY_WAIT_LONGEST, OUTBOX_TIME_TO_LIVE,
};

/// How an outbox paces, retries and follows. Durations are kept in milliseconds, up to 49 days.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use xobito_core::outbox::{Config, Follow, Full};
///
/// const CONFIG: Config = Config::DEFAULT
///     .cool_down(Duration::from_secs(300))
///     .follow(None)
///     .when_full(Full::DropLowest);
/// # let _ = CONFIG;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config {
    pub(super) budget: Budget,
    pub(super) gap_ms: u32,
    pub(super) cool_down_ms: u32,
    pub(super) link: Backoff,
    pub(super) retry: Backoff,
    pub(super) follow: Option<Follow>,
    pub(super) full: Full,
    pub(super) time_to_live: Duration,
}

impl Config {
    /// Every default of [`limits`](crate::limits): 60 requests a minute, 10 of them at once; 6 s between two messages to a
    /// recipient; 60 s between two with the same key; deliveries followed; 24 hours to live; refusing when full.
    pub const DEFAULT: Self = Self {
        budget: Budget::DEFAULT,
        gap_ms: settled(OUTBOX_RECIPIENT_GAP),
        cool_down_ms: settled(OUTBOX_COOL_DOWN),
        link: Backoff::new(OUTBOX_LINK_WAIT_FIRST, OUTBOX_LINK_WAIT_LONGEST),
        retry: Backoff::new(OUTBOX_RETRY_WAIT_FIRST, OUTBOX_RETRY_WAIT_LONGEST),
        follow: Some(Follow::DEFAULT),
        full: Full::Refuse,
        time_to_live: OUTBOX_TIME_TO_LIVE,
    };

    /// How many requests a minute: messages and status queries together.
    #[must_use]
    pub const fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// The least time between two messages to the same recipient.
    #[must_use]
    pub const fn recipient_gap(mut self, gap: Duration) -> Self {
        self.gap_ms = settled(gap);
        self
    }

    /// The least time from sending an entry with a key to the first try of the next one with that key for the same recipient. It
    /// takes one of the sends that an [`Outbox`](super::Outbox) remembers; where those are not enough, it may end early.
    #[must_use]
    pub const fn cool_down(mut self, cool_down: Duration) -> Self {
        self.cool_down_ms = settled(cool_down);
        self
    }

    /// How long nothing goes out after the link failed, or nobody answered.
    #[must_use]
    pub const fn link_backoff(mut self, backoff: Backoff) -> Self {
        self.link = backoff;
        self
    }

    /// How long an entry waits before it is sent again: after a server error or an unknown outcome, or where it was not taken in
    /// (408, 421, 425).
    #[must_use]
    pub const fn retry_backoff(mut self, backoff: Backoff) -> Self {
        self.retry = backoff;
        self
    }

    /// Whether, and how, accepted messages are followed until they are delivered.
    #[must_use]
    pub const fn follow(mut self, follow: Option<Follow>) -> Self {
        self.follow = follow;
        self
    }

    /// What happens to a newcomer when all slots are taken.
    #[must_use]
    pub const fn when_full(mut self, full: Full) -> Self {
        self.full = full;
        self
    }

    /// How long an entry may wait, unless it says so itself; [`Duration::MAX`] is forever.
    #[must_use]
    pub const fn time_to_live(mut self, time_to_live: Duration) -> Self {
        self.time_to_live = time_to_live;
        self
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How accepted messages are asked after: at intervals that double, a limited number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Follow {
    pub(super) intervals: Backoff,
    pub(super) queries: u8,
}

impl Follow {
    /// After 10 s, then 20 s, 40 s, ... up to an hour apart, 12 times: for 4.4 hours.
    pub const DEFAULT: Self = Self::new(OUTBOX_QUERY_FIRST, OUTBOX_QUERY_LONGEST, OUTBOX_QUERIES);

    /// The first query `first` after the message was accepted, then at doubling intervals of `longest` at most, `queries`
    /// of them at most (at least one).
    #[must_use]
    pub const fn new(first: Duration, longest: Duration, queries: u8) -> Self {
        Self {
            intervals: Backoff::new(first, longest),
            queries,
        }
    }
}

/// What a full outbox does with a newcomer.
///
/// Either way an entry that has already ended, or whose time to live is over, makes room first: its event is then what
/// [`Enqueued::displaced`](super::Enqueued::displaced) holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Full {
    /// Refuses it.
    #[default]
    Refuse,
    /// Gives up following the oldest accepted message that has no template left to fall back on; if there is none, drops the oldest
    /// of the lowest priority, where that is below the newcomer's; else refuses it. What is in flight is never dropped.
    DropLowest,
}
