//! How much flash it takes, worked out before anything is written.

use core::ops::Range;

use embedded_storage_async::nor_flash::NorFlash;

use crate::error::Error;
use crate::record::{Mark, RECORD_OVERHEAD};

/// Bytes in front of each record: its checksum and length.
const ITEM_HEADER: usize = 8;
/// The largest word that sequential-storage works with.
const WORD_MAX: usize = 32;
/// The header, and the commit twice.
const MARKS: usize = 3;

/// Bytes of the working memory of a [`DurableOutbox`](crate::DurableOutbox) with slots of so many bytes: one record.
///
/// # Examples
/// ```
/// use xobito_flash::record_bytes;
///
/// assert!(record_bytes(512) < 512 + 256);
/// ```
#[must_use]
pub const fn record_bytes(slot_bytes: usize) -> usize {
    // A whole number of words, so that a record goes to the flash in one piece.
    slot_bytes
        .saturating_add(RECORD_OVERHEAD)
        .next_multiple_of(WORD_MAX)
}

/// Bytes of flash that so many slots of so many bytes take, at least: whole pages, the same number in each of two banks.
/// `None` if the largest record does not fit into a page.
///
/// `word` is the larger of the flash's `READ_SIZE` and `WRITE_SIZE`, `page` its `ERASE_SIZE`. A bank holds everything that
/// can wait at once, and one entry more. More flash than this costs nothing but flash and spares erases: see the README.
///
/// # Examples
/// ```
/// use xobito_flash::flash_bytes;
///
/// assert_eq!(flash_bytes(8, 512, 4, 4096), Some(4 * 4096)); // a serial flash, or an nRF52
/// assert_eq!(flash_bytes(8, 512, 32, 128 * 1024), Some(2 * 128 * 1024)); // an STM32H7
/// assert_eq!(flash_bytes(8, 4096, 4, 4096), None);
/// ```
#[must_use]
pub const fn flash_bytes(
    slots: usize,
    slot_bytes: usize,
    word: usize,
    page: usize,
) -> Option<usize> {
    let largest = item_bytes(record_bytes(slot_bytes), word);
    let Some(room) = page.checked_sub(2 * word) else {
        return None;
    };
    if largest > room {
        return None;
    }
    let entries = slots.saturating_add(1);
    let marks = MARKS.saturating_mul(item_bytes(Mark::RECORD, word));
    let all = largest.saturating_mul(entries).saturating_add(marks);
    let pages = if all <= room {
        1
    } else {
        // A record that does not fit behind the others goes to the next page. So at most one record's worth is left empty
        // in each page, and any two neighbours are more than one page full.
        let by_waste = match all.checked_div(room.saturating_sub(largest)) {
            Some(full) => full.saturating_add(1),
            None => usize::MAX,
        };
        let by_pairs = all.saturating_mul(2).div_ceil(room);
        if by_waste < by_pairs {
            by_waste
        } else {
            by_pairs
        }
    };
    pages.saturating_mul(2).checked_mul(page)
}

/// What a log has to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizing {
    pub(crate) slots: usize,
    pub(crate) slot_bytes: usize,
}

impl Sizing {
    /// Whether the flash is large enough, and its pages are.
    pub(crate) fn check<F: NorFlash>(
        self,
        flash: &F,
        range: &Range<u32>,
    ) -> Result<(), Error<F::Error>> {
        let word = word::<F>();
        let granularity = u32::try_from(2 * F::ERASE_SIZE).unwrap_or(u32::MAX);
        let given = range.end.saturating_sub(range.start);
        let is_inside = usize::try_from(range.end).is_ok_and(|end| end <= flash.capacity());
        let starts_with_page =
            usize::try_from(range.start).is_ok_and(|start| start.is_multiple_of(F::ERASE_SIZE));
        if !is_inside || !starts_with_page || !given.is_multiple_of(granularity) {
            return Err(Error::Range {
                page: F::ERASE_SIZE,
                capacity: flash.capacity(),
            });
        }
        if word > WORD_MAX {
            return Err(Error::WordTooLarge { word });
        }
        let Some(needed) = flash_bytes(self.slots, self.slot_bytes, word, F::ERASE_SIZE) else {
            return Err(Error::PageTooSmall {
                page: F::ERASE_SIZE,
                needed: item_bytes(record_bytes(self.slot_bytes), word).saturating_add(2 * word),
            });
        };
        let given = usize::try_from(given).unwrap_or(usize::MAX);
        if given < needed {
            return Err(Error::FlashTooSmall { given, needed });
        }
        Ok(())
    }
}

/// The unit in which records are stored.
pub(crate) const fn word<F: NorFlash>() -> usize {
    if F::WRITE_SIZE > F::READ_SIZE {
        F::WRITE_SIZE
    } else {
        F::READ_SIZE
    }
}

/// Bytes of flash that a record of this length takes.
pub(crate) const fn item<F: NorFlash>(record: usize) -> usize {
    item_bytes(record, word::<F>())
}

const fn item_bytes(record: usize, word: usize) -> usize {
    let word = if word == 0 { 1 } else { word };
    ITEM_HEADER
        .next_multiple_of(word)
        .saturating_add(record.next_multiple_of(word))
}
