//! The two halves of the flash, and which of them is in use.

use core::ops::Range;

use xobito_core::outbox::EntryId;

use crate::error::Error;
use crate::record::Mark;

/// A half of the flash. One holds the records; the other waits to take those that still matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bank {
    First,
    Second,
}

impl Bank {
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// Its half of the flash. `Sizing::check` has seen that both are whole pages.
    pub(crate) const fn of(self, whole: &Range<u32>) -> Range<u32> {
        let half = whole.end.saturating_sub(whole.start) / 2;
        let middle = whole.start.saturating_add(half);
        match self {
            Self::First => whole.start..middle,
            Self::Second => middle..whole.end,
        }
    }
}

/// What a look through a bank has shown.
pub(crate) struct Seen {
    pub(crate) mark: Option<Mark>,
    /// The largest id that a mark or a record tells of.
    pub(crate) last_id: EntryId,
    /// It has a commit, or a record that was written behind one.
    pub(crate) is_committed: bool,
    /// A record that was written behind a commit, in another page than the first.
    pub(crate) goes_on: bool,
    /// A record that no outbox writes.
    pub(crate) has_foreign: bool,
    /// A record that is larger than what it was to be read into.
    pub(crate) too_large: Option<usize>,
}

impl Seen {
    pub(crate) const NOTHING: Self = Self {
        mark: None,
        last_id: EntryId(0),
        is_committed: false,
        goes_on: false,
        has_foreign: false,
        too_large: None,
    };

    /// Something in it says that the flash holds an outbox. Others use sequential-storage's queues, too.
    pub(crate) const fn is_ours(&self) -> bool {
        self.mark.is_some() || (self.is_headless() && !self.has_foreign)
    }

    /// It was in use, and the page with its marks is gone: it may have been the newer one.
    pub(crate) const fn is_headless(&self) -> bool {
        self.mark.is_none() && self.goes_on
    }
}

/// The bank in use and its mark: of those that count, the one of the later generation.
pub(crate) fn newest<E>(
    first: &Seen,
    second: &Seen,
    capacity: usize,
) -> Result<Option<(Bank, Mark)>, Error<E>> {
    let counts = |seen: &Seen| {
        let counts = seen.is_committed || seen.too_large.is_some();
        seen.mark.filter(|_| counts)
    };
    let (bank, mark, seen) = match (counts(first), counts(second)) {
        (None, None) => return Ok(None),
        (Some(mark), None) => (Bank::First, mark, first),
        (Some(one), Some(two)) if one.generation > two.generation => (Bank::First, one, first),
        (_, Some(mark)) => (Bank::Second, mark, second),
    };
    match seen.too_large {
        Some(needed) => Err(Error::EntryTooLarge { capacity, needed }),
        None => Ok(Some((bank, mark))),
    }
}
