//! From the stored records back to the outbox that they tell of.

use core::time::Duration;

use xobito_core::outbox::{End, Ended, EntryId, Outbox, RestoreError, Snapshot};

use crate::error::Error;
use crate::record::{Mark, Record};

/// What was on the flash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[must_use = "the report about an entry that made room is nowhere else"]
pub struct Found {
    /// Entries that are back, ended ones included whose report is still to come.
    pub entries: usize,
    /// Records that were stored and are damaged, at least. What an entry at most once was about to do may have stood in one of
    /// them, so then those all end as unknown. An entry may have stood there too, and is lost; ids go on well behind it.
    ///
    /// Damage to the very last record looks like a power cut in the middle of writing it, and is not counted; nor is it where the
    /// last page that holds records is wiped.
    pub damaged: u32,
    /// Records about entries whose own is not readable: those are lost, and this is all that is known of them.
    pub lost: u32,
    /// The report about an entry that had made room for the last one that was taken in: nobody may have heard of it yet. It counts
    /// as heard when the next method is called.
    pub displaced: Option<Ended>,
}

/// Takes the stored records in, one after the other.
pub(crate) struct Replay<'o, const SLOTS: usize, const BYTES: usize> {
    pub(crate) outbox: &'o mut Outbox<SLOTS, BYTES>,
    pub(crate) last_id: EntryId,
    pub(crate) found: Found,
    /// The time on the outbox's clock.
    pub(crate) now: Duration,
    /// How long the device was off.
    pub(crate) off: Duration,
}

impl<const SLOTS: usize, const BYTES: usize> Replay<'_, SLOTS, BYTES> {
    pub(crate) fn take<E>(&mut self, record: &[u8]) -> Result<(), Error<E>> {
        if let Some((_, mark)) = Mark::decode(record) {
            self.last_id = self.last_id.max(mark.last_id);
            return Ok(());
        }
        // Whatever was written later: its report has been heard.
        self.found.displaced = None;
        match Record::decode(record) {
            Some(Record::Entry { stored, displaced }) => {
                self.last_id = self.last_id.max(stored.id);
                if let Some((id, end)) = displaced {
                    self.found.displaced = self.ended(id, end);
                    self.outbox.discard(id);
                }
                self.outbox.discard(stored.id);
                self.restore(&self.aged(stored))?;
            }
            Some(Record::State(stored)) => {
                let stored = self.aged(stored);
                if self.outbox.restore_state(&stored, self.now).is_err() {
                    self.found.lost = self.found.lost.saturating_add(1);
                }
            }
            Some(Record::Freed(id)) => {
                self.outbox.discard(id);
            }
            None => self.found.damaged = self.found.damaged.saturating_add(1),
        }
        Ok(())
    }

    fn restore<E>(&mut self, stored: &Snapshot<'_>) -> Result<(), Error<E>> {
        let free = (0..SLOTS).find(|slot| self.outbox.snapshot(*slot).is_none());
        let slot = free.ok_or(Error::TooManyEntries { slots: SLOTS })?;
        match self.outbox.restore(slot, stored, self.now) {
            Ok(()) => {}
            Err(RestoreError::TooLarge { capacity, needed }) => {
                return Err(Error::EntryTooLarge { capacity, needed });
            }
            Err(_) => self.found.lost = self.found.lost.saturating_add(1),
        }
        Ok(())
    }

    /// The report about an entry that is still there.
    fn ended(&self, id: EntryId, end: End) -> Option<Ended> {
        let mut entries = self.outbox.entries();
        let (_, stored) = entries.find(|(_, stored)| stored.id == id)?;
        Some(Ended {
            id,
            end,
            key: stored.key,
            recipient: stored.recipient,
            stands_for: stored.stands_for,
            attempts: stored.attempts,
            message_id: stored.message_id,
        })
    }

    fn aged<'r>(&self, mut stored: Snapshot<'r>) -> Snapshot<'r> {
        if stored.time_to_live != Duration::MAX {
            stored.time_to_live = stored.time_to_live.saturating_sub(self.off);
        }
        stored
    }
}
