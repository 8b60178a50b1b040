//! What can be wrong with a flash, and with what lies in it.

use core::fmt;
use core::time::Duration;

use xobito_core::outbox::{Ended, EnqueueError, NotInFlight};

use crate::checked::Fault;

/// Why an outbox on flash did not do what it was told. Nothing that it had promised before is lost by any of these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// The flash's driver said so.
    Flash(E),
    /// The flash does not hold what was just written, or is not empty after an erase: it is worn out.
    Worn {
        /// Where.
        address: u32,
    },
    /// No room is left although there should be: cells of the other bank are worn out.
    Full,
    /// The marks of a page are damaged.
    Damaged,
    /// The flash refused before, or call after call was given up while it was written anew. It is left alone for a while, because
    /// each try erases a half of it.
    BackingOff {
        /// The next call after this time tries again, on the clock that the outbox is told.
        until: Duration,
    },
    /// The range is not made of an even number of whole pages within the flash.
    Range {
        /// Bytes of a page.
        page: usize,
        /// Bytes of the flash.
        capacity: usize,
    },
    /// The range is too small for so many slots of that size.
    FlashTooSmall {
        /// Bytes that it has.
        given: usize,
        /// Bytes that would be enough, at least.
        needed: usize,
    },
    /// A page does not hold the largest entry.
    PageTooSmall {
        /// Bytes that it has.
        page: usize,
        /// Bytes that would be enough.
        needed: usize,
    },
    /// The flash is read or written in larger units than 32 bytes.
    WordTooLarge {
        /// Bytes of one.
        word: usize,
    },
    /// The flash holds something else. It is not touched; see [`DurableOutbox::format`](crate::DurableOutbox::format).
    Foreign,
    /// The flash holds an outbox in another version of the format. It is not touched.
    Version {
        /// Its version.
        found: u8,
        /// The version that this understands.
        known: u8,
    },
    /// More entries are stored than there are slots. The flash is not touched.
    TooManyEntries {
        /// How many slots there are.
        slots: usize,
    },
    /// An entry is stored that does not fit into a slot. The flash is not touched.
    EntryTooLarge {
        /// Bytes that a slot has.
        capacity: usize,
        /// Bytes that would be enough.
        needed: usize,
    },
    /// The outbox itself did not take the entry.
    Refused(EnqueueError),
    /// [`DurableOutbox::open`](crate::DurableOutbox::open) has not succeeded yet.
    NotOpen,
    /// The entry was not in flight.
    NotInFlight(NotInFlight),
    /// What cannot happen did: please report it.
    Internal,
}

/// Why an entry was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the report about an entry that made room is nowhere else"]
pub struct NotEnqueued<E> {
    /// What is wrong.
    pub error: Error<E>,
    /// The report about an entry that had made room already, where one had. It will not come again.
    ///
    /// With [`Full::DropLowest`](xobito_core::outbox::Full::DropLowest), the first newcomer that a flash refuses may have cost an entry
    /// that waited; from then on nothing makes room until the flash takes something again.
    pub displaced: Option<Ended>,
}

impl<E> From<Error<E>> for NotEnqueued<E> {
    fn from(error: Error<E>) -> Self {
        Self {
            error,
            displaced: None,
        }
    }
}

impl<E> From<Fault<E>> for Error<E> {
    fn from(fault: Fault<E>) -> Self {
        match fault {
            Fault::Flash(error) => Self::Flash(error),
            Fault::Worn { address } => Self::Worn { address },
            Fault::Damaged => Self::Damaged,
        }
    }
}

impl<E> From<sequential_storage::Error<Fault<E>>> for Error<E> {
    fn from(error: sequential_storage::Error<Fault<E>>) -> Self {
        use sequential_storage::Error as Storage;
        match error {
            Storage::Storage { value, .. } => value.into(),
            Storage::FullStorage => Self::Full,
            Storage::Corrupted { .. } => Self::Damaged,
            Storage::BufferTooSmall(needed) => Self::EntryTooLarge {
                capacity: 0,
                needed,
            },
            _ => Self::Internal,
        }
    }
}

impl<E> From<NotInFlight> for Error<E> {
    fn from(error: NotInFlight) -> Self {
        Self::NotInFlight(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flash(error) => write!(f, "the flash: {error}"),
            Self::Worn { address } => write!(f, "the flash is worn out at address {address:#x}"),
            Self::Full => f.write_str("the flash is full: parts of it are worn out"),
            Self::Damaged => f.write_str("the marks of a page are damaged"),
            Self::BackingOff { until } => {
                let until = until.as_secs();
                write!(
                    f,
                    "the flash refused before, or calls were given up too early: it is left alone until {until} s"
                )
            }
            Self::Range { page, capacity } => write!(
                f,
                "the range must be an even number of pages of {page} bytes, within the flash's {capacity}"
            ),
            Self::FlashTooSmall { given, needed } => {
                write!(
                    f,
                    "the outbox needs {needed} bytes of flash, there are {given}"
                )
            }
            Self::PageTooSmall { page, needed } => write!(
                f,
                "the largest entry needs a page of {needed} bytes, the flash's have {page}"
            ),
            Self::WordTooLarge { word } => {
                write!(f, "the flash's words have {word} bytes, 32 is the most")
            }
            Self::Foreign => f.write_str("the flash holds something else than an outbox"),
            Self::Version { found, known } => {
                write!(f, "the stored outbox has version {found}, this is {known}")
            }
            Self::TooManyEntries { slots } => {
                write!(f, "more entries are stored than there are slots: {slots}")
            }
            Self::EntryTooLarge { capacity, needed } => write!(
                f,
                "an entry is stored that needs {needed} bytes, a slot has {capacity}"
            ),
            Self::Refused(error) => error.fmt(f),
            Self::NotOpen => f.write_str("the outbox was not opened"),
            Self::NotInFlight(error) => error.fmt(f),
            Self::Internal => f.write_str("a mistake in this library: please report it"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Error<E> {}

impl<E: fmt::Display> fmt::Display for NotEnqueued<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for NotEnqueued<E> {}
