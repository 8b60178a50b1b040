//! Coming back from a store that kept what happened in its order, instead of how everything stood at the end.

use core::time::Duration;

use super::Outbox;
use super::clock::Instant;
use super::entry::{EntryId, Part};
use super::slot::State;
use super::store::{RestoreError, Snapshot, state};
use crate::{BorrowedRequest, MessageId};

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// Takes over where an entry stood later, after it was [restored](Self::restore): what [`Unsaved::State`](super::Unsaved::State)
    /// stands for. The rest of the snapshot means nothing.
    ///
    /// # Errors
    /// [`RestoreError::NoSuchEntry`], or [`RestoreError::NotAnObject`]; nothing has changed then.
    pub fn restore_state(
        &mut self,
        stored: &Snapshot<'_>,
        now: Duration,
    ) -> Result<(), RestoreError> {
        self.clock.advance(now);
        let follow = self.config.follow.is_some();
        let slot = self
            .slots
            .iter_mut()
            .find(|slot| slot.state != State::Free && slot.id == stored.id)
            .ok_or(RestoreError::NoSuchEntry)?;
        let state = state(stored, slot.duplicates, follow);
        let (to_send, other) = match stored.part {
            Part::Request => (slot.body(), slot.template()),
            Part::Template => (slot.template(), slot.body()),
        };
        let is_request = |body| BorrowedRequest::from_parts(slot.own_kind(), body).is_ok();
        let other_part_left = stored.other_part_left && is_request(other);
        let waits = state == State::Waiting;
        if waits && !is_request(to_send) {
            return Err(RestoreError::NotAnObject);
        }
        // The id takes the request's place, which an entry that waits may still need.
        let id = stored.message_id.as_ref().filter(|_| !waits);
        let id = id.map(MessageId::as_str);
        if id.is_some() || slot.message_id().is_some() {
            slot.keep_message_id(id);
        }
        slot.expires = self.clock.stamp().after_duration(stored.time_to_live);
        slot.not_before = Instant::START;
        slot.stands_for = stored.stands_for.max(1);
        slot.attempts = stored.attempts;
        slot.tries = stored.tries;
        slot.may_have_arrived = stored.tries > 0;
        slot.part = stored.part;
        slot.other_part_left = other_part_left;
        slot.state = state;
        slot.change = None;
        Ok(())
    }

    /// Takes an entry out again that was over and reported, or displaced, before the reset. Whether it was there.
    pub fn discard(&mut self, id: EntryId) -> bool {
        let found = self
            .slots
            .iter_mut()
            .find(|slot| slot.state != State::Free && slot.id == id);
        let Some(slot) = found else { return false };
        slot.state = State::Free;
        slot.change = None;
        true
    }

    /// What [`poll`](Self::poll) handed out for sending and was not settled yet: for a store that had to write in between.
    #[must_use]
    pub fn in_flight_request(&self) -> Option<(EntryId, BorrowedRequest<'_>)> {
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.state == State::Sending)?;
        let is_there = match slot.part {
            Part::Request => !slot.body().is_empty(),
            Part::Template => !slot.template().is_empty(),
        };
        is_there.then(|| (slot.id, slot.request()))
    }
}
