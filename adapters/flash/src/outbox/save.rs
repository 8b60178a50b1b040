//! How what is not on the flash yet gets there.

use core::time::Duration;

use embedded_storage_async::nor_flash::NorFlash;
use xobito_core::Kind;
use xobito_core::outbox::{
    Duplicates, Ended, EntryId, Outbox, Part, Priority, Snapshot, Stage, Unsaved,
};

use super::DurableOutbox;
use crate::error::Error;
use crate::record::Record;

impl<F: NorFlash, const SLOTS: usize, const BYTES: usize, const RECORD: usize>
    DurableOutbox<F, SLOTS, BYTES, RECORD>
{
    /// Writes whatever is not on the flash yet: after a failure or a dropped future, or that a report was taken care of.
    ///
    /// # Errors
    /// What the flash did. Where it refuses, it is left alone for 4 seconds and twice as long each time, up to an hour, by the time
    /// that the other methods are told; [`Error::BackingOff`] meanwhile.
    pub async fn save(&mut self) -> Result<(), Error<F::Error>> {
        self.check_open()?;
        if self.is_behind || self.log.is_uncertain() {
            return self.compact().await;
        }
        loop {
            let Some((slot, unsaved)) = next_unsaved(&self.outbox, &self.is_stale) else {
                break;
            };
            let newest = self.made_room.as_ref().filter(|room| !room.is_written);
            let record = match unsaved {
                Unsaved::Entry(stored) => Record::Entry {
                    displaced: newest
                        .filter(|_| stored.id == self.last_id)
                        .map(|room| (room.ended.id, room.ended.end)),
                    stored,
                },
                Unsaved::State(stored) => Record::State(stored),
                Unsaved::Freed(id) => Record::Freed(id),
            };
            let buffer = &mut self.record.0;
            let length = record.encode(buffer).ok_or(Error::Internal)?;
            if self.log.append(buffer, length).await.is_err() {
                // Whatever it is, a bank that is erased first may be free of it.
                return self.compact().await;
            }
            self.outbox.saved(slot);
            if let Some(is_stale) = self.is_stale.get_mut(slot) {
                *is_stale = false;
            }
            // Whatever is written, no later `open` finds it again.
            self.found_displaced = None;
        }
        if let Some(id) = self.found_displaced {
            let buffer = &mut self.record.0;
            let length = Record::Freed(id).encode(buffer).ok_or(Error::Internal)?;
            if self.log.append(buffer, length).await.is_err() {
                return self.compact().await;
            }
            self.found_displaced = None;
        }
        self.wrote_everything();
        Ok(())
    }

    /// Writes down that this entry is handed out, where that makes a difference after a reset.
    pub(super) async fn note_in_flight(&mut self, id: EntryId) -> Result<(), Error<F::Error>> {
        let must_be_noted = self.outbox.unsaved().any(|(_, unsaved)| match unsaved {
            Unsaved::Entry(stored) | Unsaved::State(stored) => {
                stored.id == id && stored.duplicates == Duplicates::AtMostOnce
            }
            Unsaved::Freed(_) => false,
        });
        if must_be_noted {
            self.save().await
        } else {
            Ok(())
        }
    }

    /// Writes everything to the other bank, unless that failed a short while ago.
    async fn compact(&mut self) -> Result<(), Error<F::Error>> {
        if let Some(until) = self.backoff.until(self.now) {
            return Err(Error::BackingOff { until });
        }
        self.backoff.begin(self.now);
        let written = self.write_anew().await;
        match written {
            Ok(()) => self.backoff.succeeded(),
            Err(_) => self.backoff.refused(),
        }
        written
    }

    /// What made room is there, too, with its end, and behind it the entry in its slot.
    async fn write_anew(&mut self) -> Result<(), Error<F::Error>> {
        let buffer = &mut self.record.0;
        if self.log.is_uncertain() {
            self.log.make_certain(buffer).await?;
        }
        let mut place = self.log.begin(self.last_id, buffer).await?;
        let made_room = self.made_room.as_ref().filter(|room| !room.is_written);
        let made_room = made_room.map(|room| &room.ended);
        let is_newest = |id: EntryId| made_room.is_some() && id == self.last_id;
        let others = self
            .outbox
            .entries()
            .filter(|(_, stored)| !is_newest(stored.id))
            .map(|(_, stored)| (stored, None));
        let newest = self
            .outbox
            .entries()
            .find(|(_, stored)| is_newest(stored.id));
        let newest = newest.map(|(_, stored)| {
            let displaced = made_room.map(|ended| (ended.id, ended.end));
            (stored, displaced)
        });
        let made_room = made_room.map(|ended| (over(ended), None));
        for (stored, displaced) in others.chain(made_room).chain(newest) {
            let record = Record::Entry { stored, displaced };
            let length = record.encode(buffer).ok_or(Error::Internal)?;
            self.log.append_to(&mut place, buffer, length).await?;
        }
        self.log.commit(place, self.last_id, buffer).await?;
        for slot in 0..SLOTS {
            self.outbox.saved(slot);
        }
        self.is_behind = false;
        self.is_stale = [false; SLOTS];
        self.found_displaced = None;
        self.wrote_everything();
        Ok(())
    }

    fn wrote_everything(&mut self) {
        match &mut self.made_room {
            Some(room) if !room.is_reported => room.is_written = true,
            _ => self.made_room = None,
        }
    }
}

/// What is to be written next; last, what is stored and only grew older.
fn next_unsaved<'o, const SLOTS: usize, const BYTES: usize>(
    outbox: &'o Outbox<SLOTS, BYTES>,
    is_stale: &[bool; SLOTS],
) -> Option<(usize, Unsaved<'o>)> {
    outbox.next_unsaved().or_else(|| {
        let mut entries = outbox.entries();
        let (slot, stored) = entries.find(|(slot, _)| is_stale.get(*slot) == Some(&true))?;
        Some((slot, Unsaved::State(stored)))
    })
}

/// What an entry that is over looks like to the log.
pub(super) fn over(ended: &Ended) -> Snapshot<'static> {
    Snapshot {
        id: ended.id,
        recipient: ended.recipient,
        priority: Priority::Normal,
        duplicates: Duplicates::AtMostOnce,
        key: ended.key,
        time_to_live: Duration::ZERO,
        stands_for: ended.stands_for,
        attempts: ended.attempts,
        tries: 0,
        stage: Stage::Ended(ended.end),
        part: Part::Request,
        other_part_left: false,
        message_id: ended.message_id.clone(),
        kind: Kind::Send,
        body: &[],
        template: &[],
    }
}
