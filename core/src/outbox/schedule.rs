//! What to do next.

use core::time::Duration;

use super::clock::Instant;
use super::entry::{Duplicates, EntryId};
use super::event::{End, Event};
use super::slot::{Slot, State};
use super::store::Change;
use super::{Outbox, Pause, place};
use crate::{BorrowedRequest, Kind, MessageId};

/// What an outbox wants to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(clippy::large_enum_variant)] // Without allocation there is nowhere else to put it.
#[must_use]
pub enum Step<'a> {
    /// Send this, then tell [`settle`](Outbox::settle) what became of it.
    Send {
        /// Whose request it is.
        id: EntryId,
        /// What to send.
        request: BorrowedRequest<'a>,
    },
    /// Ask after this message's delivery, then tell [`settle_query`](Outbox::settle_query) what came of it.
    Query {
        /// Whose message it is.
        id: EntryId,
        /// What to ask after.
        message_id: MessageId,
    },
    /// Something to know. It is reported this once.
    Report(Event),
    /// What was handed out before is not settled yet, and nothing else goes out meanwhile. Where the exchange was given up,
    /// settle it as [`Outcome::failed`](crate::Outcome::failed).
    InFlight {
        /// Whose request or query it is.
        id: EntryId,
    },
    /// Nothing before this time, unless something is enqueued; or [`resume`](Outbox::resume) or [`link_up`](Outbox::link_up) is called.
    Wait(Duration),
    /// Nothing at all, until then.
    Idle,
}

/// What may be done, and when.
enum Due {
    Now(usize),
    At(Instant),
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// What to do at this time.
    ///
    /// `now` is any clock that only runs forward; `jitter` any 32 random bits, that need not be secret. Once a message or a
    /// query is handed out, it counts as made.
    pub fn poll(&mut self, now: Duration, jitter: u32) -> Step<'_> {
        self.jitter = jitter;
        let inside = self.clock.advance(now);
        self.expire(inside);
        if let Some(event) = self.event() {
            return Step::Report(event);
        }
        if let Some(id) = self.in_flight() {
            return Step::InFlight { id };
        }
        match self.due(inside) {
            Due::Now(slot) => self.go(slot),
            Due::At(Instant::NEVER) => Step::Idle,
            Due::At(moment) => Step::Wait(self.clock.outside(moment, now)),
        }
    }

    /// Puts back what `poll` handed out last: nothing of it was sent, and nothing will be. It takes nothing of the budget.
    ///
    /// For a store that could not note that it is in flight. A message waits then as after a failed link, longer each time in a
    /// row, so that others get their turn; until something is [`saved`](Self::saved), an answer comes or
    /// [`link_up`](Self::link_up) is called, the next wait is longer.
    pub fn unsend(&mut self, id: EntryId) {
        for slot in &mut self.slots {
            if slot.is(id, State::Sending) {
                if !slot.may_have_arrived {
                    self.recent.forget(slot.recipient, slot.key());
                }
                slot.attempts = slot.attempts.saturating_sub(1);
                self.unsent = self.unsent.saturating_add(1);
                let wait = self.config.link.wait_ms(self.unsent, self.jitter);
                slot.not_before = self.clock.stamp().after(wait);
                slot.wait();
            } else if slot.is(id, State::Asking) {
                slot.state = State::Accepted;
            } else {
                continue;
            }
            self.bucket.give_back(self.config.budget);
        }
    }

    fn expire(&mut self, now: Instant) {
        for slot in &mut self.slots {
            if slot.state == State::Waiting && slot.expires <= now {
                // Not worth a write to a store: should it come back after a reset, its time to live is counted again.
                slot.state = State::Ended(End::Expired);
            }
        }
    }

    /// The next thing to report; with it, a slot becomes free.
    fn event(&mut self) -> Option<Event> {
        for pause in [&mut self.token, &mut self.token_for_queries] {
            if *pause == Pause::Untold {
                *pause = Pause::Told;
                return Some(Event::TokenRefused);
            }
        }
        for kind in [Kind::Send, Kind::Template, Kind::Media] {
            if let Some(pause @ Pause::Untold) = self.kinds.get_mut(place(kind)) {
                *pause = Pause::Told;
                return Some(Event::KindRefused(kind));
            }
        }
        let ended = self.slots.iter_mut().filter_map(|slot| match slot.state {
            State::Ended(end) => Some((slot, end)),
            _ => None,
        });
        let (slot, end) = ended.min_by_key(|(slot, _)| slot.id)?;
        slot.state = State::Free;
        slot.change = Some(Change::Freed);
        Some(Event::Ended(slot.report(end)))
    }

    fn in_flight(&self) -> Option<EntryId> {
        self.slots
            .iter()
            .find(|slot| matches!(slot.state, State::Sending | State::Asking))
            .map(|slot| slot.id)
    }

    /// What goes out now, or else, when to ask again.
    fn due(&self, now: Instant) -> Due {
        let all = self.all_ready_at();
        let mut best = None;
        let mut next = Instant::NEVER;
        for (at, slot) in self.slots.iter().enumerate() {
            let rank = slot.rank();
            if best.as_ref().is_some_and(|(best, _)| *best < rank) {
                continue;
            }
            let Some(ready_at) = self.ready_at(slot) else {
                continue;
            };
            let ready_at = ready_at.max(all);
            if ready_at <= now {
                best = Some((rank, at));
            }
            next = next.min(ready_at);
            if slot.state == State::Waiting {
                next = next.min(slot.expires);
            }
        }
        best.map_or(Due::At(next), |(_, at)| Due::Now(at))
    }

    /// When anything may go out.
    fn all_ready_at(&self) -> Instant {
        if self.token != Pause::No {
            return Instant::NEVER;
        }
        self.bucket
            .ready_at(self.config.budget)
            .max(self.asked_to_wait)
            .max(self.link_back_at)
    }

    /// When this may go out, if it is something that goes out.
    fn ready_at(&self, slot: &Slot<BYTES>) -> Option<Instant> {
        match slot.state {
            State::Waiting => {
                let paused = self.kinds.get(place(slot.kind())) != Some(&Pause::No);
                if paused {
                    return Some(Instant::NEVER);
                }
                // It must not wait for itself.
                let cooled = slot.may_have_arrived;
                let (recipient, key, now) = (slot.recipient, slot.key(), self.clock.now());
                let paced = self
                    .recent
                    .ready_at(recipient, key, cooled, self.pace(), now);
                Some(paced.max(slot.not_before))
            }
            State::Accepted => Some(slot.not_before),
            _ => None,
        }
    }

    /// Hands it out. There is always something: `due` found it there, and what was accepted has an id.
    fn go(&mut self, at: usize) -> Step<'_> {
        let pace = self.pace();
        let stamp = self.clock.stamp();
        let slot = self.slots.get_mut(at);
        let Some(slot) = slot else { return Step::Idle };
        self.bucket.spend(self.config.budget, stamp);
        let id = slot.id;
        if slot.state == State::Accepted {
            slot.state = State::Asking;
            let message_id = slot.message_id();
            return message_id.map_or(Step::Idle, |message_id| Step::Query { id, message_id });
        }
        let sent = (self.clock.now(), stamp);
        self.recent.note(slot.recipient, slot.key(), sent, pace);
        slot.attempts = slot.attempts.saturating_add(1);
        slot.state = State::Sending;
        // At least once, being in flight at a reset is the same as waiting.
        if slot.duplicates == Duplicates::AtMostOnce {
            slot.changed_state();
        }
        Step::Send {
            id,
            request: slot.request(),
        }
    }
}
