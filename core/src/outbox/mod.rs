//! Alerts that are not lost while the link is down, not sent twice without consent, and not sent faster than the API
//! allows: a state machine without I/O, clock, randomness or allocation.
//!
//! ```text
//!                           enqueue ──── one about the same waits: it stands for one more
//!                              │
//!                              ▼
//!                         ╭─────────╮   not sent, not taken in; at least once: unknown, server error
//!   ╭─────────────────────┤ waiting │◀──────────────────────────────────────────────────────────────╮
//!   │ time to live over,  ╰────┬────╯◀──────────────────────────╮                                   │
//!   │ dropped for a        poll│Send                            │                                   │
//!   │ more urgent one          ▼                                │                                   │
//!   │                     ╭─────────╮  refused, and its other   │                                   │
//!   │                     │ sending ├─ message was not tried ───┤                                   │
//!   │                     ╰┬──┬─┬──┬╯                           │                                   │
//!   │    refused; at most  │  │ │  ╰────────────────────────────┼───────────────────────────────────╯
//!   │◀── once: unknown ────╯  │ │ accepted                      │
//!   │◀── accepted, and ───────╯ ▼                               │
//!   │    nobody asks      ╭──────────╮ failed, window closed,   │
//!   │                     │ accepted ├─ template not tried ─────╯
//!   │                     ╰┬─────────╯◀╮
//!   │                  poll│Query      │ under way, no answer
//!   │    delivered, read,  ▼           │
//!   │◀── failed, asked ───asking ──────╯
//!   │    often enough
//!   ▼
//! ended ── poll: Report ──▶ its slot is free
//! ```
//!
//! A driver asks [`poll`](Outbox::poll) what to do, does it, and tells [`settle`](Outbox::settle) or
//! [`settle_query`](Outbox::settle_query) what came of it. One request is in flight at a time. [`Step::Wait`] says until when
//! there is nothing to do. Every entry ends in exactly one [`Ended`], which waits in the entry's own slot until it is reported:
//! no queue of events can overflow.
//!
//! # What it keeps to
//! - **Order**: messages before queries, the more urgent first, then the older. What may not go yet holds up nothing behind it, nor
//!   does what never gets through: one that was refused, or not answered, goes behind those of its priority then, and after four
//!   times, or once token or kind was refused, behind all that were not.
//! - **[`Duplicates`]**: at most once, an entry whose outcome is unknown, or that the server failed over, ends as
//!   [`End::Unknown`]. At least once, it is sent again after a growing wait until its time to live is over.
//! - **[`Budget`]**: in any 60 seconds at most so many requests, queries included. A 429 pauses everything for as long as it says, up to
//!   [`RETRY_AFTER_MAX_S`](crate::limits::RETRY_AFTER_MAX_S), and at least as long as a failed link; to a query, it pauses messages for a minute at most.
//! - **Gap** between two messages to a recipient, counted from when the first was settled; **cool-down** of a [`Key`] from when a
//!   message about it may have arrived, as far as `RECENT` sends are enough to remember it.
//! - **Not taken in**: what the API refused without looking at it (401, 403, 408, 421, 425, 429) is sent again, at most once too. After 408, 421
//!   and 425, and after a server error at least once, that entry alone waits, longer each time.
//! - **Link**: after an exchange that failed before it began, and after a message that nobody answered, or whose answer settles
//!   nothing, everything waits, longer each time, until an answer comes or [`link_up`](Outbox::link_up) is called.
//! - **Pauses**: a refused token (401) stops everything, a refused kind (403) that kind, until [`resume`](Outbox::resume); both are
//!   reported. Where it was a query whose token was refused, that is reported, and nothing stops.
//! - **Time** is the caller's, and only ever runs forward here: a caller who is up to a minute late changes nothing, and a clock
//!   that is set back by more goes on from where it was.
//!
//! What must survive a reset is handed to a store by [`unsaved`](Outbox::unsaved) and comes back by [`restore`](Outbox::restore);
//! `xobito-flash` is one. Gaps, cool-downs, waits and pauses do not survive: after [`restored`](Outbox::restored) the budget and all
//! gaps are taken as spent instead.
//!
//! # Memory
//! `56 + BYTES` bytes a slot, 24 for each of `RECENT` sends, and 144: an `Outbox<8, 512>` has 5,072 bytes, on 32 and 64 bits alike.
//!
//! # Examples
//! The link is down, then it is back.
//! ```
//! use core::time::Duration;
//! use xobito_core::message::TextMessage;
//! use xobito_core::outbox::{Config, Duplicates, End, Entry, Event, Outbox, Step};
//! use xobito_core::{Accepted, AnswerReader, Delivery, E164, Failure, Outcome, Request, checked};
//!
//! const ON_CALL: E164 = checked!(E164::new("+14155551234"));
//! let s = Duration::from_secs;
//! let jitter = 0x8000_0000; // the device's random generator
//! let mut outbox = Outbox::<8, 512>::new(Config::DEFAULT);
//!
//! let alert = Request::<256>::new(&TextMessage::new(&ON_CALL, "Freezer 3 is open"))?;
//! let id = outbox.enqueue(&Entry::new(&alert, ON_CALL, Duplicates::AtLeastOnce), s(0))?.id;
//! assert!(matches!(outbox.poll(s(0), jitter), Step::Send { request, .. } if request.body() == alert.body()));
//! outbox.settle(id, Outcome::<Accepted>::failed(false, Failure::Connect).as_ref(), s(1))?;
//!
//! // Nothing left the device, so nothing is lost and nothing can arrive twice: it is tried again after 1 to 2 seconds.
//! assert_eq!(outbox.poll(s(1), jitter), Step::Wait(Duration::from_millis(2500)));
//! let Step::Send { id, .. } = outbox.poll(s(3), jitter) else { panic!() };
//! let mut reader = AnswerReader::<Accepted>::new();
//! reader.status(200);
//! reader.feed(br#"{"status":"success","data":{"message_id":"wamid.HBgL"}}"#);
//! outbox.settle(id, reader.finish(xobito_core::End::Complete), s(7))?;
//!
//! // Accepted is not delivered.
//! assert_eq!(outbox.poll(s(7), jitter), Step::Wait(s(17)));
//! let Step::Query { id, message_id } = outbox.poll(s(17), jitter) else { panic!() };
//! assert_eq!(message_id.as_str(), "wamid.HBgL");
//! let mut reader = AnswerReader::<Delivery>::new();
//! reader.status(200);
//! reader.feed(br#"{"status":"success","data":{"delivery_status":"delivered"}}"#);
//! outbox.settle_query(id, reader.finish(xobito_core::End::Complete), s(18))?;
//!
//! let Step::Report(Event::Ended(ended)) = outbox.poll(s(18), jitter) else { panic!() };
//! assert_eq!((ended.id, ended.end, ended.attempts), (id, End::Delivered, 2));
//! assert_eq!(outbox.poll(s(18), jitter), Step::Idle);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backoff;
mod budget;
mod clock;
mod code;
mod config;
mod enqueue;
mod entry;
mod event;
mod follow;
#[cfg(feature = "serde")]
mod json;
mod recent;
mod replay;
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
use core::time::Duration;

use crate::Kind;
use crate::limits::{MESSAGE_ID_MAX, OUTBOX_RECENT};
use budget::Bucket;
use clock::{Clock, Instant};
use recent::{Pace, Recent};
use slot::{Slot, State};

/// Alerts on their way to the API.
///
/// `SLOTS` entries at most, each with `BYTES` bytes for its request and, behind it, its template; 128 at least, because the
/// message's id takes the request's place once the API took it. `RECENT` sends are remembered for gaps and cool-downs. Where one more
/// would be needed, the cool-down that ends first is forgotten, and where there are only gaps, the outbox waits.
#[derive(Clone)]
#[repr(C)] // What is small comes first: behind the slots it would take longer instructions to reach.
pub struct Outbox<const SLOTS: usize, const BYTES: usize, const RECENT: usize = OUTBOX_RECENT> {
    clock: Clock,
    bucket: Bucket,
    /// Nothing goes out before: the API asked for it.
    asked_to_wait: Instant,
    /// Nothing goes out before: the link failed.
    link_back_at: Instant,
    /// When the API refused token or kind, where it did.
    refused_at: Instant,
    config: Config,
    jitter: u32,
    last_id: EntryId,
    link_failures: u8,
    /// How often in a row something was put back unsent.
    unsent: u8,
    token: Pause,
    /// The token was refused to a query, which pauses nothing.
    token_for_queries: Pause,
    kinds: [Pause; 3],
    recent: Recent<RECENT>,
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
            unsent: 0,
            refused_at: Instant::START,
            token: Pause::No,
            token_for_queries: Pause::No,
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
        self.token_for_queries = Pause::No;
        self.kinds = [Pause::No; 3];
    }

    /// How long ago the API refused the token or a kind of message, at the time that was told last; none where nobody has to
    /// [`resume`](Self::resume). Such a refusal may pass by itself, so a driver may try again after a long while.
    #[must_use]
    pub fn refused_for(&self) -> Option<Duration> {
        let is_refused = self.token != Pause::No || self.kinds != [Pause::No; 3];
        is_refused.then(|| self.clock.now().since(self.refused_at))
    }

    /// The link is there again: no need to wait for it any longer.
    pub fn link_up(&mut self) {
        self.link_failures = 0;
        self.unsent = 0;
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
