//! What a store must write so that nothing is lost with the power, and how an outbox comes back from it.

use core::fmt;
use core::time::Duration;

use super::Outbox;
use super::clock::Instant;
use super::enqueue::needed;
use super::entry::{Duplicates, EntryId, Key, Part, Priority};
use super::event::{End, Untracked};
use super::slot::{Slot, State};
use crate::phone::PackedNumber;
use crate::{BorrowedRequest, E164, Kind, MessageId};

/// What of a slot is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    State,
    Entry,
    Freed,
}

/// What a store has to write about a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(clippy::large_enum_variant)] // Without allocation there is nowhere else to put it.
pub enum Unsaved<'a> {
    /// All of the entry: it is new, or its text was replaced. A state that was stored before does not belong to it: a stored
    /// state belongs to a stored entry that has the same id and stands for no more alerts than the state.
    Entry(Snapshot<'a>),
    /// Where it stands: [`stage`](Snapshot::stage), [`part`](Snapshot::part), [`other_part_left`](Snapshot::other_part_left),
    /// [`message_id`](Snapshot::message_id), [`time_to_live`](Snapshot::time_to_live) and the counts. The rest is as it was stored.
    State(Snapshot<'a>),
    /// That this entry is over and was reported.
    Freed(EntryId),
}

/// An entry as it is stored, and comes back by [`Outbox::restore`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Snapshot<'a> {
    /// Its id.
    pub id: EntryId,
    /// Whom it is for.
    pub recipient: E164,
    /// How urgent it is.
    pub priority: Priority,
    /// What happens when its outcome is unknown.
    pub duplicates: Duplicates,
    /// What it is about.
    pub key: Option<Key>,
    /// How long it may still wait; [`Duration::MAX`] is forever. It goes on counting from here after a restore: take off how
    /// long the device was off, where that is known.
    pub time_to_live: Duration,
    /// How many alerts it stands for.
    pub stands_for: u32,
    /// How often it was sent, or tried to be.
    pub attempts: u16,
    /// While it waits, how often in a row it was put off by an answer, or for lack of one; once it is accepted, how often it was
    /// asked after. Waits grow with it, and it is what [`Follow`](super::Follow) limits.
    pub tries: u8,
    /// Where it stands.
    pub stage: Stage,
    /// Which of its messages is sent, or was.
    pub part: Part,
    /// Whether the other one may still be tried.
    pub other_part_left: bool,
    /// The id under which the API took it, if it did.
    pub message_id: Option<MessageId>,
    /// The kind of its request.
    pub kind: Kind,
    /// Its request's body. Empty once the API took it: it is not needed again, and what was stored before may stay.
    pub body: &'a [u8],
    /// Its template's body; empty where it has none.
    pub template: &'a [u8],
}

/// Where a stored entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Stage {
    /// To be sent.
    Waiting,
    /// Handed out for sending. After a reset nobody knows whether it was sent.
    InFlight,
    /// Taken by the API; its delivery is asked after.
    Accepted,
    /// Over, and to be reported.
    Ended(End),
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// What is to be stored of which slot, in the order of the slots. Tell [`saved`](Self::saved) of each that was.
    ///
    /// To lose nothing, a store writes all of it after each [`enqueue`](Self::enqueue) and [`settle`](Self::settle), before it
    /// says that they are done; after each [`poll`](Self::poll) before anything is sent; and what was freed only after the
    /// report was taken care of, that is before the next `poll`.
    pub fn unsaved(&self) -> impl Iterator<Item = (usize, Unsaved<'_>)> {
        self.slots.iter().enumerate().filter_map(|(at, slot)| {
            let unsaved = match slot.change? {
                Change::Entry => Unsaved::Entry(self.view(slot)?),
                Change::State => Unsaved::State(self.view(slot)?),
                Change::Freed => Unsaved::Freed(slot.id),
            };
            Some((at, unsaved))
        })
    }

    /// The first of [`unsaved`](Self::unsaved): for a store that writes one after the other.
    #[must_use]
    pub fn next_unsaved(&self) -> Option<(usize, Unsaved<'_>)> {
        self.unsaved().next()
    }

    /// This slot was stored as it is now.
    pub fn saved(&mut self, slot: usize) {
        self.unsent = 0;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.change = None;
        }
    }

    /// Every entry, in the order of the slots: for lists, and for stores that write everything at once.
    pub fn entries(&self) -> impl Iterator<Item = (usize, Snapshot<'_>)> {
        let all = self.slots.iter().enumerate();
        all.filter_map(|(at, slot)| Some((at, self.view(slot)?)))
    }

    /// The entry in a slot, if there is one.
    #[must_use]
    pub fn snapshot(&self, slot: usize) -> Option<Snapshot<'_>> {
        self.view(self.slots.get(slot)?)
    }

    /// Puts a stored entry back into a slot. After the last one, call [`restored`](Self::restored).
    ///
    /// What was in flight is treated by its policy: at most once, it ends as unknown; at least once, it waits.
    ///
    /// # Errors
    /// [`RestoreError`]; nothing has changed then.
    pub fn restore(
        &mut self,
        slot: usize,
        stored: &Snapshot<'_>,
        now: Duration,
    ) -> Result<(), RestoreError> {
        self.clock.advance(now);
        if self
            .slots
            .iter()
            .any(|slot| slot.state != State::Free && slot.id == stored.id)
        {
            return Err(RestoreError::Twice);
        }
        let needed = needed(stored.body, stored.template);
        if needed > BYTES {
            return Err(RestoreError::TooLarge {
                capacity: BYTES,
                needed,
            });
        }
        let (to_send, other) = match stored.part {
            Part::Request => (stored.body, stored.template),
            Part::Template => (stored.template, stored.body),
        };
        let state = state(stored, stored.duplicates, self.config.follow.is_some());
        if state == State::Waiting && BorrowedRequest::from_parts(stored.kind, to_send).is_err() {
            return Err(RestoreError::NotAnObject);
        }
        let slots = SLOTS;
        let slot = self
            .slots
            .get_mut(slot)
            .ok_or(RestoreError::NoSuchSlot { slots })?;
        if slot.state != State::Free {
            return Err(RestoreError::Taken);
        }
        slot.id = stored.id;
        slot.recipient = PackedNumber::from(&stored.recipient);
        slot.priority = stored.priority;
        slot.duplicates = stored.duplicates;
        slot.set_key(stored.key);
        slot.expires = self.clock.stamp().after_duration(stored.time_to_live);
        slot.not_before = Instant::START;
        slot.stands_for = stored.stands_for.max(1);
        slot.attempts = stored.attempts;
        slot.forget_tries();
        slot.tries = stored.tries;
        slot.may_have_arrived = stored.tries > 0;
        slot.part = stored.part;
        // What cannot be sent is not kept for later.
        slot.other_part_left =
            stored.other_part_left && BorrowedRequest::from_parts(stored.kind, other).is_ok();
        slot.put(stored.kind, stored.body, stored.template);
        // The id takes the request's place, which an entry that waits may still need.
        if state != State::Waiting && stored.message_id.is_some() {
            let id = stored.message_id.as_ref();
            slot.keep_message_id(id.map(MessageId::as_str));
        }
        slot.state = state;
        slot.change = None;
        self.last_id = self.last_id.max(stored.id);
        Ok(())
    }

    /// Ids continue behind this one: it was given to an entry before a reset.
    pub fn continue_after(&mut self, id: EntryId) {
        self.last_id = self.last_id.max(id);
    }

    /// All that was stored is back. The budget and every recipient's gap are taken as spent, as nobody knows what was sent
    /// just before the reset.
    pub fn restored(&mut self, now: Duration) {
        self.clock.advance(now);
        let stamp = self.clock.stamp();
        self.bucket.empty(self.config.budget, stamp);
        self.asked_to_wait = self.asked_to_wait.max(stamp.after(self.config.gap_ms));
    }

    fn view<'a>(&self, slot: &'a Slot<BYTES>) -> Option<Snapshot<'a>> {
        Some(Snapshot {
            id: slot.id,
            recipient: E164::from(slot.recipient),
            priority: slot.priority,
            duplicates: slot.duplicates,
            key: slot.key(),
            time_to_live: slot.expires.since(self.clock.now()),
            stands_for: slot.stands_for,
            attempts: slot.attempts,
            tries: slot.tries,
            stage: match slot.state {
                State::Free => return None,
                State::Waiting => Stage::Waiting,
                State::Sending => Stage::InFlight,
                State::Accepted | State::Asking => Stage::Accepted,
                State::Ended(end) => Stage::Ended(end),
            },
            part: slot.part,
            other_part_left: slot.other_part_left,
            message_id: slot.message_id(),
            kind: slot.own_kind(),
            body: slot.body(),
            template: slot.template(),
        })
    }
}

/// What a stored entry does from now on.
pub(super) fn state(stored: &Snapshot<'_>, duplicates: Duplicates, followed: bool) -> State {
    match stored.stage {
        Stage::Ended(end) => State::Ended(end),
        Stage::InFlight if duplicates == Duplicates::AtMostOnce => State::Ended(End::Unknown),
        Stage::InFlight | Stage::Waiting => State::Waiting,
        Stage::Accepted if stored.message_id.is_none() => {
            State::Ended(End::AcceptedUntracked(Untracked::UnusableId))
        }
        Stage::Accepted if followed => State::Accepted,
        Stage::Accepted => State::Ended(End::AcceptedUntracked(Untracked::NotFollowed)),
    }
}

/// Why a stored entry was not put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RestoreError {
    /// There is no such slot.
    NoSuchSlot {
        /// How many there are.
        slots: usize,
    },
    /// Another entry is in that slot.
    Taken,
    /// An entry with that id is in another slot.
    Twice,
    /// It does not fit into a slot.
    TooLarge {
        /// The bytes of a slot.
        capacity: usize,
        /// What would have been enough.
        needed: usize,
    },
    /// What it is to send is no JSON object.
    NotAnObject,
    /// There is no entry with that id.
    NoSuchEntry,
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchSlot { slots } => write!(f, "there are only {slots} slots"),
            Self::Taken => f.write_str("the slot is taken"),
            Self::Twice => f.write_str("an entry with this id is there already"),
            Self::TooLarge { capacity, needed } => {
                write!(f, "the entry needs {needed} bytes, a slot has {capacity}")
            }
            Self::NotAnObject => f.write_str("the entry's request is no JSON object"),
            Self::NoSuchEntry => f.write_str("there is no entry with this id"),
        }
    }
}

impl core::error::Error for RestoreError {}
