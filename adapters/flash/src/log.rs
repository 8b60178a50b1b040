//! Records that survive a power cut at any point: an append-only log in one of two banks.
//!
//! ```text
//!  bank 0 │ header 7 │ entries at that time │ commit 7 │ commit 7 │ record │ record │ ...   the newest with a commit: in use
//!  bank 1 │ header 6 │ ...                                                                  older: of no interest
//! ```
//! Each bank is a queue of sequential-storage's, which gives every record a checksum, passes over one that was cut short,
//! and goes on behind it. When a bank is full, what still matters is written to the other one, which is erased right
//! before. Until its commit is there the full bank counts, from then on the new one: so an erase that was cut short, after
//! which a flash may hold anything, only ever hits a bank that nobody reads. This is also why it is not sequential-storage's
//! map: that keeps its only copy beside the page that it erases, and tells from two words of that page how far it got.
//!
//! Every record has a number, counted from the start of its bank. One that was cut short leaves no gap, because the next
//! one written takes its number; one that was damaged later does, and that is how damage is noticed. Behind something
//! unreadable at the end of a bank nothing is written any more, so that more than one record can only be unreadable there by
//! damage.

use core::cell::Cell;
use core::ops::Range;

use embedded_storage_async::nor_flash::NorFlash;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};
use xobito_core::outbox::EntryId;

use crate::bank::{Bank, Seen, newest};
use crate::checked::{Checked, Erasing, PIECE, count_written, erase, first_written};
use crate::error::Error;
use crate::record::{Mark, MarkKind, Record, is_behind_commit, newest_id, number, sequence};
use crate::sizing::{Sizing, item, word};

/// How often a record is written anew, each time at the next place, when it does not read back.
const ATTEMPTS: usize = 3;

type Queue<'f, F> = QueueStorage<Checked<'f, F>, Cache<Uncached, Uncached, Uncached>>;

/// What is done with each record.
type Take<'t, E> = dyn FnMut(&[u8]) -> Result<(), Error<E>> + 't;

#[derive(Clone, Debug)]
pub(crate) struct Log<F> {
    flash: F,
    range: Range<u32>,
    /// None until it was opened.
    place: Option<Place>,
    /// Something was being written, and nobody knows how far that got: it was given up, or it failed.
    is_uncertain: bool,
    /// A bank was in use once and is not readable any more.
    has_lost_bank: bool,
}

/// Where the next record goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    bank: Bank,
    generation: u32,
    sequence: u32,
    is_committed: bool,
}

/// What a replay has shown.
#[derive(Clone, Copy, Default)]
pub(crate) struct Replayed {
    /// Records that are not readable any more, at least.
    pub(crate) missing: u32,
    /// Something unreadable lies behind the last record: the power cut it short, or it was damaged. What comes next should
    /// go to the other bank.
    pub(crate) has_torn_end: bool,
}

/// What lies behind the last record that is readable.
#[derive(Default)]
struct Unreadable {
    bytes: u32,
    /// Some of it has an empty page in front of it: no record is ever written there before the page is full.
    is_behind_a_gap: bool,
}

impl<F: NorFlash> Log<F> {
    pub(crate) const fn new(flash: F, range: Range<u32>) -> Self {
        Self {
            flash,
            range,
            place: None,
            is_uncertain: false,
            has_lost_bank: false,
        }
    }

    /// Finds the bank in use, or makes one on an empty flash. `buffer` holds the largest record.
    pub(crate) async fn open(
        &mut self,
        sizing: Sizing,
        buffer: &mut [u8],
    ) -> Result<(), Error<F::Error>> {
        self.place = None;
        sizing.check(&self.flash, &self.range)?;
        let first = self.look(Bank::First, buffer).await?;
        let second = self.look(Bank::Second, buffer).await?;
        self.has_lost_bank = first.is_headless() || second.is_headless();
        let Some((bank, mark)) = newest(&first, &second, buffer.len())? else {
            let is_ours = first.is_ours() || second.is_ours();
            if !is_ours && !self.is_untouched().await? {
                return Err(Error::Foreign);
            }
            // What says that the flash is ours stays until another mark is written.
            let bank = if first.is_ours() {
                Bank::Second
            } else {
                Bank::First
            };
            let last_id = first.last_id.max(second.last_id);
            return self.create(bank, last_id, buffer).await;
        };
        if mark.version != Mark::VERSION {
            return Err(Error::Version {
                found: mark.version,
                known: Mark::VERSION,
            });
        }
        self.place = Some(Place::in_use(bank, mark));
        self.is_uncertain = false;
        Ok(())
    }

    /// Whether something that was being written may be there or not. Nothing is to be appended then: see
    /// [`Log::make_certain`], and write everything anew.
    pub(crate) const fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    /// Looks which bank is in use, where that may have changed without an answer. Only a compaction may follow.
    pub(crate) async fn make_certain(&mut self, buffer: &mut [u8]) -> Result<(), Error<F::Error>> {
        if self.place.is_none() {
            return Err(Error::NotOpen);
        }
        let first = self.look(Bank::First, buffer).await?;
        let second = self.look(Bank::Second, buffer).await?;
        let (bank, mark) = newest(&first, &second, buffer.len())?.ok_or(Error::Damaged)?;
        self.place = Some(Place::in_use(bank, mark));
        Ok(())
    }

    /// Makes an empty log, whatever the flash holds.
    pub(crate) async fn format(
        &mut self,
        sizing: Sizing,
        buffer: &mut [u8],
    ) -> Result<(), Error<F::Error>> {
        self.place = None;
        sizing.check(&self.flash, &self.range)?;
        erase(&mut self.flash, self.range.start, self.range.end).await?;
        self.create(Bank::First, EntryId(0), buffer).await
    }

    async fn create(
        &mut self,
        bank: Bank,
        last_id: EntryId,
        buffer: &mut [u8],
    ) -> Result<(), Error<F::Error>> {
        let pages = bank.of(&self.range);
        let written = first_written(&mut self.flash, pages.start, pages.end).await?;
        if written.is_some() {
            erase(&mut self.flash, pages.start, pages.end).await?;
        }
        let mut place = Place::start(bank, 1);
        self.mark(&mut place, MarkKind::Header, last_id, buffer)
            .await?;
        self.commit(place, last_id, buffer).await
    }

    /// Reads every record of the bank in use, the oldest first.
    ///
    /// What comes next is appended behind them.
    pub(crate) async fn replay(
        &mut self,
        buffer: &mut [u8],
        take: &mut Take<'_, F::Error>,
    ) -> Result<Replayed, Error<F::Error>> {
        let mut place = self.place.ok_or(Error::NotOpen)?;
        let mut replayed = Replayed {
            missing: self.has_lost_bank.into(),
            ..Replayed::default()
        };
        let mut next = 0_u32;
        let read_to = Cell::new(0);
        let mut end = 0;
        let mut queue = self.queue(place.bank, Erasing::Ignored, &read_to)?;
        let mut records = queue.iter().await?;
        while let Some(record) = records.next(buffer).await? {
            end = read_to.get();
            let Some(sequence) = sequence(&record) else {
                continue;
            };
            let gap = sequence.saturating_sub(next);
            replayed.missing = replayed.missing.saturating_add(gap);
            next = next.max(sequence.saturating_add(1));
            take(&record)?;
        }
        place.sequence = next;
        self.place = Some(place);
        let unreadable = self.unreadable_behind(place.bank, end).await?;
        replayed.has_torn_end = unreadable.bytes > 0;
        if unreadable.bytes > one_record::<F>(buffer.len()) || unreadable.is_behind_a_gap {
            replayed.missing = replayed.missing.saturating_add(1);
        }
        Ok(replayed)
    }

    /// What is not empty behind the last record that is readable, but for the marks of the pages.
    async fn unreadable_behind(
        &mut self,
        bank: Bank,
        end: u32,
    ) -> Result<Unreadable, Error<F::Error>> {
        let pages = bank.of(&self.range);
        let page_bytes = u32::try_from(F::ERASE_SIZE).unwrap_or(u32::MAX);
        let mark = u32::try_from(word::<F>()).unwrap_or(u32::MAX);
        let mut unreadable = Unreadable::default();
        let mut is_gap = false;
        let mut page = pages.start;
        while page < pages.end {
            let page_end = page.saturating_add(page_bytes);
            let from = page.saturating_add(mark).max(end);
            let to = page_end.saturating_sub(mark);
            let written = count_written(&mut self.flash, from, to).await?;
            unreadable.bytes = unreadable.bytes.saturating_add(written);
            unreadable.is_behind_a_gap |= is_gap && written > 0;
            is_gap |= page >= end && written == 0;
            page = page_end;
        }
        Ok(unreadable)
    }

    /// Appends a record: the first `length` bytes of the buffer, which holds room for its padding.
    /// [`Error::Full`] asks for a compaction.
    pub(crate) async fn append(
        &mut self,
        buffer: &mut [u8],
        length: usize,
    ) -> Result<(), Error<F::Error>> {
        let mut place = self.place.ok_or(Error::NotOpen)?;
        self.append_to(&mut place, buffer, length).await?;
        self.place = Some(place);
        Ok(())
    }

    /// Empties the other bank and begins to fill it; to be completed by [`Log::append_to`] and [`Log::commit`].
    pub(crate) async fn begin(
        &mut self,
        last_id: EntryId,
        buffer: &mut [u8],
    ) -> Result<Place, Error<F::Error>> {
        let current = self.place.ok_or(Error::NotOpen)?;
        let bank = current.bank.other();
        let pages = bank.of(&self.range);
        erase(&mut self.flash, pages.start, pages.end).await?;
        let mut place = Place::start(bank, current.generation.saturating_add(1));
        self.mark(&mut place, MarkKind::Header, last_id, buffer)
            .await?;
        Ok(place)
    }

    /// Appends a record to the bank that is being filled.
    pub(crate) async fn append_to(
        &mut self,
        place: &mut Place,
        buffer: &mut [u8],
        length: usize,
    ) -> Result<(), Error<F::Error>> {
        let padded = length.next_multiple_of(word::<F>());
        let record = buffer.get_mut(..padded).ok_or(Error::Internal)?;
        record.iter_mut().skip(length).for_each(|byte| *byte = 0);
        number(record, place.sequence, place.is_committed);
        let was_uncertain = core::mem::replace(&mut self.is_uncertain, true);
        let read_to = Cell::new(0);
        let mut queue = self.queue(place.bank, Erasing::Refused, &read_to)?;
        let mut attempt = 1;
        loop {
            match queue.push(record, false).await.map_err(Error::from) {
                Ok(()) => break,
                Err(Error::Worn { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(Error::Full) => {
                    // Nothing was written.
                    self.is_uncertain = was_uncertain;
                    return Err(Error::Full);
                }
                Err(error) => return Err(error),
            }
        }
        place.sequence = place.sequence.saturating_add(1);
        // What goes into a bank that is being filled is certain only when that is committed.
        self.is_uncertain = !place.is_committed;
        Ok(())
    }

    /// Makes the bank that was filled the one in use. The mark is written twice: without any, a whole bank would not count.
    pub(crate) async fn commit(
        &mut self,
        mut place: Place,
        last_id: EntryId,
        buffer: &mut [u8],
    ) -> Result<(), Error<F::Error>> {
        self.mark(&mut place, MarkKind::Commit, last_id, buffer)
            .await?;
        // From here on the new bank counts, whatever becomes of the second mark.
        place.is_committed = true;
        self.place = Some(place);
        self.mark(&mut place, MarkKind::Commit, last_id, buffer)
            .await?;
        self.place = Some(place);
        Ok(())
    }

    /// More than the entries that one bank can tell of.
    pub(crate) const fn bank_bytes(&self) -> u32 {
        let pages = Bank::First.of(&self.range);
        pages.end.saturating_sub(pages.start)
    }

    pub(crate) const fn flash_mut(&mut self) -> &mut F {
        &mut self.flash
    }

    pub(crate) fn into_flash(self) -> F {
        self.flash
    }

    async fn mark(
        &mut self,
        place: &mut Place,
        kind: MarkKind,
        last_id: EntryId,
        buffer: &mut [u8],
    ) -> Result<(), Error<F::Error>> {
        let mark = Mark {
            version: Mark::VERSION,
            generation: place.generation,
            last_id,
        };
        let length = mark.encode(kind, buffer).ok_or(Error::Internal)?;
        self.append_to(place, buffer, length).await
    }

    async fn look(&mut self, bank: Bank, buffer: &mut [u8]) -> Result<Seen, Error<F::Error>> {
        let mut seen = Seen::NOTHING;
        let read_to = Cell::new(0);
        let page_bytes = u32::try_from(F::ERASE_SIZE).unwrap_or(u32::MAX);
        let second_page = bank.of(&self.range).start.saturating_add(page_bytes);
        let mut queue = self.queue(bank, Erasing::Ignored, &read_to)?;
        let looked: Result<(), Error<F::Error>> = async {
            let mut records = queue.iter().await?;
            while let Some(record) = records.next(buffer).await? {
                seen.last_id = seen.last_id.max(newest_id(&record));
                if let Some((kind, mark)) = Mark::decode(&record) {
                    seen.mark = Some(mark);
                    seen.is_committed |= kind == MarkKind::Commit;
                } else {
                    let counts = is_behind_commit(&record);
                    seen.is_committed |= counts;
                    seen.goes_on |= counts && read_to.get() > second_page;
                    seen.has_foreign |= Record::decode(&record).is_none();
                }
            }
            Ok(())
        }
        .await;
        match looked {
            Err(Error::EntryTooLarge { needed, .. }) => seen.too_large = Some(needed),
            // A page whose erase was cut short: nothing that counts was in that bank.
            Err(Error::Damaged) | Ok(()) => {}
            Err(error) => return Err(error),
        }
        Ok(seen)
    }

    /// Whether the flash is erased, but for the beginnings of a log whose header was cut short.
    async fn is_untouched(&mut self) -> Result<bool, Error<F::Error>> {
        let begun = word::<F>().saturating_add(item::<F>(Mark::RECORD));
        let begun = u32::try_from(begun).unwrap_or(u32::MAX);
        for bank in [Bank::First, Bank::Second] {
            let pages = bank.of(&self.range);
            let from = pages.start.saturating_add(begun);
            if first_written(&mut self.flash, from, pages.end)
                .await?
                .is_some()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn queue<'f>(
        &'f mut self,
        bank: Bank,
        erasing: Erasing,
        read_to: &'f Cell<u32>,
    ) -> Result<Queue<'f, F>, Error<F::Error>> {
        let config = QueueConfig::try_new(bank.of(&self.range)).map_err(|_| Error::Internal)?;
        let flash = Checked {
            flash: &mut self.flash,
            erasing,
            read_to,
        };
        Ok(QueueStorage::new(flash, config, Cache::new_uncached()))
    }
}

impl Place {
    const fn in_use(bank: Bank, mark: Mark) -> Self {
        Self {
            is_committed: true,
            ..Self::start(bank, mark.generation)
        }
    }

    const fn start(bank: Bank, generation: u32) -> Self {
        Self {
            bank,
            generation,
            sequence: 0,
            is_committed: false,
        }
    }
}

/// What the largest record takes, seen in whole pieces.
fn one_record<F: NorFlash>(record: usize) -> u32 {
    let bytes = item::<F>(record).saturating_add(2 * PIECE);
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
