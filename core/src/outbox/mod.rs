//! Alerts that are not lost while the link is down, not sent twice without consent, and not sent faster than the API allows:
//! a state machine without I/O, clock, randomness or allocation.

mod backoff;
mod budget;
mod clock;
mod code;
mod config;
mod enqueue;
mod entry;
mod event;
#[cfg(feature = "serde")]
mod json;
mod recent;
mod schedule;
mod settle;
mod slot;
mod store;

pub use backoff::Backoff;
pub use budget::{Budget, InvalidBudget};
pub use config::{Config, Follow, Full};
pub use enqueue::{EnqueueError, Enqueued};
pub use entry::{Coalesce, Duplicates, Entry, EntryId, Key, Part, Priority};
pub use event::{End, Ended, Event, FailedBecause, Untracked};
pub use schedule::Step;
pub use settle::NotInFlight;
pub use store::{RestoreError, Snapshot, Stage, Unsaved};

use core::fmt;

use crate::Kind;
use crate::limits::{MESSAGE_ID_MAX, OUTBOX_RECENT};
use budget::Bucket;
use clock::{Clock, Instant};
use recent::{Pace, Recent};
use slot::{Slot, State};

/// Alerts on their way to the API.
///
/// `SLOTS` entries at most, each with `BYTES` bytes for its request and, behind it, its template; 128 at least, because the
/// message's id takes the request's place once the API took it. `RECENT` sends are remembered for gaps and cool-downs; where
/// all of them still hold something back, the outbox waits.
#[derive(Clone)]
pub struct Outbox<const SLOTS: usize, const BYTES: usize, const RECENT: usize = OUTBOX_RECENT> {
    config: Config,
    clock: Clock,
    bucket: Bucket,
    recent: Recent<RECENT>,
    /// Nothing goes out before: the API asked for it.
    asked_to_wait: Instant,
    /// Nothing goes out before: the link failed.
    link_back_at: Instant,
    link_failures: u8,
    token: Pause,
    kinds: [Pause; 3],
    jitter: u32,
    last_id: EntryId,
    slots: [Slot<BYTES>; SLOTS],
}

/// Whether the API refused something, so that it is not tried until the owner resumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    No,
    /// And the owner was not told yet.
    Untold,
    Told,
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// An empty one, whose budget is unspent. Where it may follow a reset, call [`restored`](Self::restored).
    #[must_use]
    pub const fn new(config: Config) -> Self {
        const {
            assert!(SLOTS > 0, "an outbox has slots");
            assert!(RECENT > 0, "an outbox remembers a send");
            assert!(
                BYTES >= MESSAGE_ID_MAX && BYTES <= 65_535,
                "a slot has 128 to 65,535 bytes"
            );
        }
        Self {
            config,
            clock: Clock::new(),
            bucket: Bucket::full(),
            recent: Recent::new(),
            asked_to_wait: Instant::START,
            link_back_at: Instant::START,
            link_failures: 0,
            token: Pause::No,
            kinds: [Pause::No; 3],
            jitter: 0,
            last_id: EntryId(0),
            slots: [const { Slot::FREE }; SLOTS],
        }
    }

    /// How many slots are taken: by entries that wait, are in flight, are followed, or ended and were not yet reported.
    #[must_use]
    pub fn len(&self) -> usize {
        let taken = |slot: &&Slot<BYTES>| slot.state != State::Free;
        self.slots.iter().filter(taken).count()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.iter().all(|slot| slot.state == State::Free)
    }

    /// How many entries it can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        SLOTS
    }

    /// The token was replaced, or is allowed more now: goes on after [`Event::TokenRefused`] and [`Event::KindRefused`].
    pub fn resume(&mut self) {
        self.token = Pause::No;
        self.kinds = [Pause::No; 3];
    }

    /// The link is there again: no need to wait for it any longer.
    pub fn link_up(&mut self) {
        self.link_failures = 0;
        self.link_back_at = Instant::START;
    }

    const fn pace(&self) -> Pace {
        Pace {
            gap_ms: self.config.gap_ms,
            cool_down_ms: self.config.cool_down_ms,
        }
    }
}

/// Where a kind's pause stands.
const fn place(kind: Kind) -> usize {
    match kind {
        Kind::Send => 0,
        Kind::Template => 1,
        Kind::Media => 2,
    }
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> fmt::Debug
    for Outbox<SLOTS, BYTES, RECENT>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("len", &self.len())
            .field("capacity", &SLOTS)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> defmt::Format
    for Outbox<SLOTS, BYTES, RECENT>
{
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Outbox({=usize} of {=usize})", self.len(), SLOTS);
    }
}

#[cfg(test)]
mod tests;
