//! An outbox whose every promise is written down before it is made.

mod save;

use core::ops::Range;
use core::time::Duration;

use embedded_storage_async::nor_flash::NorFlash;
use xobito_core::outbox::{
    Config, Duplicates, Ended, Enqueued, Entry, EntryId, Event, Outbox, Snapshot, Stage, Step,
};
use xobito_core::{Accepted, Delivery, Outcome, Rejection};

use crate::backoff::Backoff;
use crate::error::{Error, NotEnqueued};
use crate::log::Log;
use crate::replay::{Found, Replay};
use crate::sizing::{Sizing, record_bytes};

/// An [`Outbox`] that survives a reset at any moment, on a NOR flash.
///
/// It has `SLOTS` slots of `BYTES` bytes, as the outbox in RAM; `RECORD` is [`record_bytes`]`(BYTES)`, which the compiler
/// checks. [`flash_bytes`](crate::flash_bytes) says how much flash it takes.
///
/// - What [`enqueue`](Self::enqueue) took in is on the flash when it returns.
/// - What was in flight at the reset is treated by its policy: at most once, it ends as unknown; at least once, it is sent again.
/// - A report is on the flash as over when the method *after* the [`poll`](Self::poll) that handed it out is called: a report
///   that the power took with it comes again.
///
/// # Cancellation safety
/// The future of any method may be dropped. What it was to write is written by the next method that is called, and until
/// then by [`save`](Self::save).
///
/// # Examples
/// See the crate's front page.
#[derive(Clone, Debug)]
pub struct DurableOutbox<F, const SLOTS: usize, const BYTES: usize, const RECORD: usize> {
    outbox: Outbox<SLOTS, BYTES>,
    log: Log<F>,
    record: Aligned<RECORD>,
    last_id: EntryId,
    /// All that is stored is in RAM, too. Before, nothing is handed out or written.
    is_open: bool,
    /// The records do not tell all that has happened: everything has to be written anew.
    is_behind: bool,
    /// Slots whose state is stored, but not how long it lives or how often it was tried by now.
    is_stale: [bool; SLOTS],
    made_room: Option<MadeRoom>,
    /// What `open` found that had made room: as soon as anything is called or written, that report has been heard.
    found_displaced: Option<EntryId>,
    /// What the time was when it was told last.
    now: Duration,
    backoff: Backoff,
    /// Taken from the outbox in RAM for sending, and not handed out before that is noted.
    noting: Option<EntryId>,
}

/// An entry that had to make room for the newest one, until that is written and its report is on its way.
#[derive(Clone, Debug)]
struct MadeRoom {
    ended: Ended,
    is_written: bool,
    is_reported: bool,
}

/// A device that was off for less than this does not write down how much less its entries have to live: one that is reset over and
/// over would wear its flash out with it.
const WORTH_A_WRITE: Duration = Duration::from_mins(1);

/// Some flash drivers want what they write at an address that is a multiple of 4.
#[derive(Clone, Debug)]
#[repr(align(4))]
struct Aligned<const N: usize>([u8; N]);

impl<F: NorFlash, const SLOTS: usize, const BYTES: usize, const RECORD: usize>
    DurableOutbox<F, SLOTS, BYTES, RECORD>
{
    const SIZING: Sizing = Sizing {
        slots: SLOTS,
        slot_bytes: BYTES,
    };

    /// An outbox in this part of a flash: an even number of pages, half of which are in use at a time.
    /// Nothing is read or written until [`open`](Self::open).
    #[must_use]
    pub const fn new(flash: F, range: Range<u32>, config: Config) -> Self {
        const {
            assert!(
                RECORD == record_bytes(BYTES),
                "RECORD must be xobito_flash::record_bytes(BYTES)"
            );
        }
        Self {
            outbox: Outbox::new(config),
            log: Log::new(flash, range),
            record: Aligned([0; RECORD]),
            last_id: EntryId(0),
            is_open: false,
            is_behind: false,
            is_stale: [false; SLOTS],
            made_room: None,
            found_displaced: None,
            now: Duration::ZERO,
            backoff: Backoff::NONE,
            noting: None,
        }
    }

    /// Reads what is on the flash; prepares it where it is erased. To be called once, first; until it has succeeded, the
    /// other methods give [`Error::NotOpen`].
    ///
    /// `off` is how long the device was off, where it knows; that is taken off each entry's time to live, and written down by the next
    /// method where it is a minute or longer. The budget and the recipients' gaps are taken as spent.
    ///
    /// # Errors
    /// What is wrong with the flash, the size of the range, or what lies there. The flash is not changed then, except where
    /// it was erased.
    pub async fn open(&mut self, now: Duration, off: Duration) -> Result<Found, Error<F::Error>> {
        self.forget();
        self.now = now;
        self.log.open(Self::SIZING, &mut self.record.0).await?;
        let mut replay = Replay {
            outbox: &mut self.outbox,
            last_id: self.last_id,
            found: Found::default(),
            now,
            off,
        };
        let mut take = |record: &[u8]| replay.take(record);
        let replayed = self.log.replay(&mut self.record.0, &mut take).await;
        self.last_id = replay.last_id;
        let mut found = replay.found;
        found.damaged = match replayed {
            Ok(replayed) => {
                self.is_behind = replayed.has_torn_end;
                found.damaged.saturating_add(replayed.missing)
            }
            Err(error) => {
                // Half of a log tells of alerts that ended long ago.
                self.forget();
                return Err(error);
            }
        };
        if found.damaged > 0 {
            self.doubt(now);
            // Written anew, the log is whole again. Ids that stood in what is missing must not be given a second time.
            self.is_behind = true;
            self.last_id = EntryId(self.last_id.0.saturating_add(self.log.bank_bytes()));
        }
        if off >= WORTH_A_WRITE {
            self.mark_stale(|stored| {
                stored.time_to_live != Duration::MAX && !matches!(stored.stage, Stage::Ended(_))
            });
        }
        found.entries = self.outbox.len();
        self.found_displaced = found.displaced.as_ref().map(|ended| ended.id);
        self.outbox.continue_after(self.last_id);
        self.outbox.restored(now);
        self.is_open = true;
        Ok(found)
    }

    /// Empties the flash, whatever it holds, and begins an empty outbox there.
    ///
    /// # Errors
    /// As for [`open`](Self::open), but that nothing that lies there is one.
    pub async fn format(&mut self) -> Result<(), Error<F::Error>> {
        self.forget();
        self.log.format(Self::SIZING, &mut self.record.0).await?;
        self.is_open = true;
        Ok(())
    }

    /// Takes an entry in, as [`Outbox::enqueue`]. When it returns, the entry is on the flash.
    ///
    /// One that only made another count one more writes nothing: that count is stored with the next change of the entry.
    ///
    /// # Errors
    /// [`Error::Refused`] as the outbox in RAM. Else what the flash did: then the entry was not taken in, and nothing is
    /// promised. Where it was to replace one that waits, that stands as it was on the flash, and goes out with either text.
    pub async fn enqueue(
        &mut self,
        entry: &Entry<'_>,
        now: Duration,
    ) -> Result<Enqueued, NotEnqueued<F::Error>> {
        self.now = now;
        // A slot that is free only in RAM must not be taken.
        self.save().await?;
        // From a call that was given up. There is room for one report in what this returns, and the older one goes first.
        let earlier = self.unreported();
        let mut enqueued = match self.outbox.enqueue(entry, now) {
            Ok(enqueued) => enqueued,
            Err(error) => {
                return Err(NotEnqueued {
                    error: Error::Refused(error),
                    displaced: earlier,
                });
            }
        };
        self.last_id = self.last_id.max(enqueued.id);
        self.made_room = enqueued.displaced.take().map(|ended| MadeRoom {
            ended,
            is_written: false,
            is_reported: false,
        });
        let saved = self.save().await;
        enqueued.displaced = earlier.or_else(|| self.unreported());
        match saved {
            Ok(()) => Ok(enqueued),
            Err(error) => {
                self.outbox.withdraw(enqueued.id);
                if let Some(room) = self.made_room.take() {
                    // Nothing on the flash says that what made room is over.
                    self.is_behind = true;
                    if !room.is_reported {
                        self.report_later(&room.ended, now);
                    }
                }
                Err(NotEnqueued {
                    error,
                    displaced: enqueued.displaced,
                })
            }
        }
    }

    /// What to do next, as [`Outbox::poll`]. An entry at most once is noted on the flash as being in flight before it is
    /// handed out.
    ///
    /// # Errors
    /// What the flash did. Sending goes on all the same as far as it can: this comes only where there is nothing else to do, or
    /// where nothing may go out but entries that could not be noted. Those stay, and wait longer each time. Call it again after
    /// a while.
    pub async fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, Error<F::Error>> {
        self.check_open()?;
        self.now = now;
        self.put_back();
        let mut saved = self.save().await;
        if let Some(ended) = self.unreported() {
            return Ok(Step::Report(Event::Ended(ended)));
        }
        // What cannot be noted waits from then on, so that each entry comes up once at most.
        for _ in 0..SLOTS {
            // The borrow of a step that is not returned ends here; what it held is asked for again.
            let id = match self.outbox.poll(now, jitter) {
                Step::Send { id, .. } => id,
                Step::Query { id, message_id } => return Ok(Step::Query { id, message_id }),
                Step::Report(event) => return Ok(Step::Report(event)),
                Step::InFlight { id } => return saved.map(|()| Step::InFlight { id }),
                Step::Wait(until) => return saved.map(|()| Step::Wait(until)),
                Step::Idle => return saved.map(|()| Step::Idle),
            };
            self.noting = Some(id);
            match self.note_in_flight(id).await {
                Ok(()) => {
                    self.noting = None;
                    let in_flight = self.outbox.in_flight_request();
                    let (id, request) = in_flight.ok_or(Error::Internal)?;
                    return Ok(Step::Send { id, request });
                }
                Err(error) => saved = Err(error),
            }
            self.put_back();
        }
        saved.and(Err(Error::Internal))
    }

    /// What became of the message that was handed out, as [`Outbox::settle`].
    ///
    /// # Errors
    /// [`Error::NotInFlight`]. Else what the flash did: the outcome counts, but a reset would forget it, until a later call
    /// has written it.
    pub async fn settle<const ID: usize, const TEXT: usize, const ERRORS: usize>(
        &mut self,
        id: EntryId,
        outcome: Outcome<&Accepted<ID>, &Rejection<TEXT, ERRORS>>,
        now: Duration,
    ) -> Result<(), Error<F::Error>> {
        self.check_open()?;
        self.now = now;
        let before = self.tries(id);
        self.outbox.settle(id, outcome, now)?;
        if self.tries(id) > before {
            self.mark_stale(|stored| stored.id == id);
        }
        self.save().await
    }

    /// What came of the query that was handed out, as [`Outbox::settle_query`].
    ///
    /// # Errors
    /// As for [`settle`](Self::settle).
    pub async fn settle_query<const N: usize, const TEXT: usize, const ERRORS: usize>(
        &mut self,
        id: EntryId,
        outcome: Outcome<&Delivery<N>, &Rejection<TEXT, ERRORS>>,
        now: Duration,
    ) -> Result<(), Error<F::Error>> {
        self.check_open()?;
        self.now = now;
        self.outbox.settle_query(id, outcome, now)?;
        self.save().await
    }

    /// Goes on after the API had refused token or ability, as [`Outbox::resume`].
    pub fn resume(&mut self) {
        self.outbox.resume();
    }

    /// The link is there again, as [`Outbox::link_up`].
    pub fn link_up(&mut self) {
        self.outbox.link_up();
    }

    /// The outbox in RAM, to look at.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox<SLOTS, BYTES> {
        &self.outbox
    }

    /// The largest id that was given to an entry so far, before resets too; 0 if there was none.
    #[must_use]
    pub const fn last_id(&self) -> EntryId {
        self.last_id
    }

    /// The flash. Whoever writes to the outbox's part of it destroys what lies there.
    pub const fn flash_mut(&mut self) -> &mut F {
        self.log.flash_mut()
    }

    /// Gives the flash back. What lies there stays.
    #[must_use]
    pub fn into_flash(self) -> F {
        self.log.into_flash()
    }

    /// What was not handed out is not in flight.
    fn put_back(&mut self) {
        if let Some(id) = self.noting.take() {
            self.outbox.unsend(id);
        }
    }

    /// How often in a row nobody knew what came of this entry.
    fn tries(&self, id: EntryId) -> u8 {
        let mut entries = self.outbox.entries();
        let entry = entries.find(|(_, stored)| stored.id == id && stored.stage != Stage::Accepted);
        entry.map_or(0, |(_, stored)| stored.tries)
    }

    fn mark_stale(&mut self, is_stale: impl Fn(&Snapshot<'_>) -> bool) {
        for (slot, stored) in self.outbox.entries() {
            if let Some(mark) = self.is_stale.get_mut(slot) {
                *mark |= is_stale(&stored);
            }
        }
    }

    const fn check_open(&self) -> Result<(), Error<F::Error>> {
        if self.is_open {
            Ok(())
        } else {
            Err(Error::NotOpen)
        }
    }

    fn forget(&mut self) {
        self.is_open = false;
        self.noting = None;
        self.made_room = None;
        self.found_displaced = None;
        loop {
            let first = self.outbox.entries().next().map(|(_, stored)| stored.id);
            let Some(id) = first else { break };
            self.outbox.discard(id);
        }
        // That an entry was over is not to be said of the same one when it is back.
        for slot in 0..SLOTS {
            self.outbox.saved(slot);
        }
        self.is_behind = false;
        self.is_stale = [false; SLOTS];
        self.backoff = Backoff::NONE;
    }

    /// Records are missing, and an entry at most once may have been in flight by one of them.
    fn doubt(&mut self, now: Duration) {
        let doubtful = |stored: &Snapshot<'_>| {
            stored.stage == Stage::Waiting && stored.duplicates == Duplicates::AtMostOnce
        };
        loop {
            let next = self.outbox.entries().find(|(_, stored)| doubtful(stored));
            let Some((_, stored)) = next else { return };
            let in_flight = Snapshot {
                stage: Stage::InFlight,
                body: &[],
                template: &[],
                ..stored
            };
            if self.outbox.restore_state(&in_flight, now).is_err() {
                return;
            }
        }
    }

    /// Keeps a report for which there was no room in what a call returns: in the slot that was to be made free.
    fn report_later(&mut self, ended: &Ended, now: Duration) {
        let free = (0..SLOTS).find(|slot| self.outbox.snapshot(*slot).is_none());
        if let Some(slot) = free {
            // It has no body that could be too large, and its own slot is taken by nobody.
            self.outbox.restore(slot, &save::over(ended), now).ok();
        }
    }

    /// The report about an entry that made room in a call that was given up.
    fn unreported(&mut self) -> Option<Ended> {
        let room = self.made_room.as_mut().filter(|room| !room.is_reported)?;
        room.is_reported = true;
        let ended = room.ended.clone();
        if room.is_written {
            self.made_room = None;
        }
        Some(ended)
    }
}
