//! Taking entries in: beside the others, instead of one that waits, or in the place of a lesser one.

use core::fmt;
use core::time::Duration;

use super::Outbox;
use super::clock::Instant;
use super::config::Full;
use super::entry::{Coalesce, Entry, EntryId, Key};
use super::event::{End, Ended, Untracked};
use super::slot::{Slot, State};
use super::store::Change;
use crate::limits::MESSAGE_ID_MAX;
use crate::phone::PackedNumber;
use crate::{BorrowedRequest, E164, Kind};

/// What became of an entry that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the report about an entry that made room is nowhere else"]
pub struct Enqueued {
    /// Its id, or that of the entry that now stands for it too.
    pub id: EntryId,
    /// How many alerts the entry stands for now: more than one where it was coalesced.
    pub stands_for: u32,
    /// The report about the entry whose slot it took, where one had to make room. It is to be treated like
    /// [`Event::Ended`](super::Event::Ended) from `poll`, and will not come again.
    pub displaced: Option<Ended>,
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// Takes an entry in.
    ///
    /// An entry with a key joins one that waits with the same key for the same recipient (the youngest, if there are several),
    /// as its [`Coalesce`] says. Else it needs a slot; see [`Full`] for what happens where there is none.
    ///
    /// # Errors
    /// [`EnqueueError`]; nothing has changed then.
    pub fn enqueue(&mut self, entry: &Entry<'_>, now: Duration) -> Result<Enqueued, EnqueueError> {
        check_size(entry, BYTES)?;
        let now = self.clock.advance(now);
        let time_to_live = entry.time_to_live.unwrap_or(self.config.time_to_live);
        let expires = if time_to_live.is_zero() {
            // What is rounded up could still be sent in this millisecond.
            now
        } else {
            self.clock.stamp().after_duration(time_to_live)
        };
        let recipient = PackedNumber::from(&entry.recipient);
        if let Some((key, coalesce)) = entry.key {
            let waiting = self.slots.iter_mut();
            let waiting = waiting.filter(|slot| coalesces(slot, key, recipient, now));
            if let Some(slot) = waiting.max_by_key(|slot| slot.id) {
                slot.stands_for = slot.stands_for.saturating_add(1);
                if coalesce == Coalesce::ReplaceWithLatest {
                    slot.fill(entry, expires);
                    // A wait of the older text's may be longer than the newer one lives.
                    let latest = self.clock.stamp().after(self.config.cool_down_ms);
                    slot.not_before = slot.not_before.min(latest);
                    slot.change = Some(Change::Entry);
                }
                return Ok(Enqueued {
                    id: slot.id,
                    stands_for: slot.stands_for,
                    displaced: None,
                });
            }
        }
        let id = self.last_id.0.checked_add(1).map(EntryId);
        let id = id.ok_or(EnqueueError::IdsExhausted)?;
        let (slot, displaced) = self.room(entry, now)?;
        slot.id = id;
        slot.stands_for = 1;
        slot.attempts = 0;
        slot.forget_tries();
        slot.may_have_arrived = false;
        slot.not_before = Instant::START;
        slot.state = State::Waiting;
        slot.change = Some(Change::Entry);
        slot.fill(entry, expires);
        self.last_id = id;
        Ok(Enqueued {
            id,
            stands_for: 1,
            displaced,
        })
    }

    /// How many alerts the entry stands for that waits with this key for this recipient, if one does: to be asked before the
    /// text of a newcomer is made that is to replace it.
    #[must_use]
    pub fn stands_for(&self, key: Key, recipient: &E164) -> Option<u32> {
        let recipient = PackedNumber::from(recipient);
        self.slots
            .iter()
            .filter(|slot| coalesces(slot, key, recipient, self.clock.now()))
            .max_by_key(|slot| slot.id)
            .map(|slot| slot.stands_for)
    }

    /// Undoes an [`enqueue`](Self::enqueue) whose entry could not be stored.
    ///
    /// A new entry is gone, without a report. One that was coalesced stays as it is, because what it replaced is gone. Does
    /// nothing where the entry is not waiting for its first sending any more.
    pub fn withdraw(&mut self, id: EntryId) {
        let new = |slot: &&mut Slot<BYTES>| {
            slot.is(id, State::Waiting) && slot.stands_for == 1 && slot.attempts == 0
        };
        if let Some(slot) = self.slots.iter_mut().find(new) {
            slot.state = State::Free;
            slot.change = Some(Change::Freed);
        }
    }

    /// A slot for a newcomer, and the report about the entry that had it.
    fn room(
        &mut self,
        entry: &Entry<'_>,
        now: Instant,
    ) -> Result<(&mut Slot<BYTES>, Option<Ended>), EnqueueError> {
        let drops = self.config.full == Full::DropLowest;
        let candidates = self.slots.iter_mut().filter_map(|slot| {
            let worth = match slot.state {
                State::Free => 0,
                State::Ended(_) => 1,
                State::Waiting if slot.expires <= now => 2,
                State::Accepted if drops && !slot.may_fall_back(now) => 3,
                State::Accepted | State::Waiting if drops && slot.priority < entry.priority => {
                    slot.priority.level().saturating_add(4)
                }
                _ => return None,
            };
            Some(((worth, slot.id), slot))
        });
        let (_, slot) = candidates
            .min_by_key(|(worth, _)| *worth)
            .ok_or(EnqueueError::Full { slots: SLOTS })?;
        let displaced = match slot.state {
            State::Free => None,
            State::Ended(end) => Some(end),
            State::Accepted => Some(End::AcceptedUntracked(Untracked::RoomNeeded)),
            _ if slot.expires <= now => Some(End::Expired),
            _ => Some(End::Dropped),
        };
        let displaced = displaced.map(|end| slot.report(end));
        Ok((slot, displaced))
    }
}

/// Whether an entry about this, for this recipient, may stand for one more.
fn coalesces<const BYTES: usize>(
    slot: &Slot<BYTES>,
    key: Key,
    recipient: PackedNumber,
    now: Instant,
) -> bool {
    slot.state == State::Waiting
        && slot.key() == Some(key)
        && slot.recipient == recipient
        && now < slot.expires
}

fn check_size(entry: &Entry<'_>, capacity: usize) -> Result<(), EnqueueError> {
    let template = match &entry.template {
        Some(template) if template.kind() != Kind::Template => {
            return Err(EnqueueError::NotATemplate);
        }
        template => template.as_ref().map(BorrowedRequest::body),
    };
    let needed = needed(entry.request.body(), template.unwrap_or_default());
    if needed > capacity {
        return Err(EnqueueError::TooLarge { capacity, needed });
    }
    Ok(())
}

/// The bytes that a slot must have for these.
pub(super) fn needed(body: &[u8], template: &[u8]) -> usize {
    // The message's id must fit beside the template.
    let first = body.len().max(MESSAGE_ID_MAX);
    first.saturating_add(template.len())
}

/// Why an entry was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EnqueueError {
    /// Its requests do not fit into a slot.
    TooLarge {
        /// The bytes of a slot.
        capacity: usize,
        /// What would have been enough.
        needed: usize,
    },
    /// Every slot is taken by an entry that need not make room for it.
    Full {
        /// How many there are.
        slots: usize,
    },
    /// What is to be sent where the window is closed is no template message.
    NotATemplate,
    /// 4,294,967,295 entries were taken in before.
    IdsExhausted,
}

impl fmt::Display for EnqueueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { capacity, needed } => {
                write!(f, "the entry needs {needed} bytes, a slot has {capacity}")
            }
            Self::Full { slots } => write!(f, "all {slots} slots are taken"),
            Self::NotATemplate => f.write_str("only a template message reaches a closed window"),
            Self::IdsExhausted => f.write_str("there are no more entry ids"),
        }
    }
}

impl core::error::Error for EnqueueError {}
