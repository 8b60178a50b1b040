//! A NOR flash in memory that keeps the rules of `embedded-storage-async`, and breaks where it is told to.
//!
//! A word is written once between two erases and a write only clears bits; whoever does otherwise gets an error. When the
//! power goes in the middle of a write, the words of that write are undefined, and in the middle of an erase the whole
//! page is: the trait promises no more, so neither does this.

use core::future::pending;

use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::damage::{Damage, torn_erase, torn_write};

const ERASED: u8 = 0xFF;

/// A flash with words of `WORD` bytes and pages of `PAGE`.
#[derive(Clone)]
pub struct SimulatedFlash<const WORD: usize, const PAGE: usize> {
    bytes: Vec<u8>,
    /// For each word whether it may still be written.
    writable: Vec<bool>,
    /// Words that keep what they hold, whatever is written or erased.
    stuck: Vec<bool>,
    /// Writes and erases so far.
    operations: u64,
    /// Erases of each page so far.
    erases: Vec<u32>,
    bytes_written: u64,
    cut: Option<Cut>,
    is_off: bool,
}

/// When the power goes, and what that does.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// In the middle of this write or erase, counted from 1 since the flash was new.
    pub at_operation: u64,
    /// What it leaves behind.
    pub damage: Damage,
    /// Decides where there is more than one way.
    pub seed: u64,
}

/// What the flash answers where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashError {
    /// An address or length that is no multiple of what it has to be.
    NotAligned,
    /// Beyond the end.
    OutOfBounds,
    /// A word was written that had been written since its last erase.
    WrittenTwice,
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::NotAligned => NorFlashErrorKind::NotAligned,
            Self::OutOfBounds => NorFlashErrorKind::OutOfBounds,
            Self::WrittenTwice => NorFlashErrorKind::Other,
        }
    }
}

impl<const WORD: usize, const PAGE: usize> SimulatedFlash<WORD, PAGE> {
    /// An erased flash of so many pages.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self {
            bytes: vec![ERASED; pages * PAGE],
            writable: vec![true; pages * PAGE / WORD],
            stuck: vec![false; pages * PAGE / WORD],
            operations: 0,
            erases: vec![0; pages],
            bytes_written: 0,
            cut: None,
            is_off: false,
        }
    }

    /// Plans a power cut. From then on nothing is ever answered, until [`SimulatedFlash::power_on`].
    pub const fn plan(&mut self, cut: Cut) {
        self.cut = Some(cut);
    }

    /// Whether the planned cut has come.
    #[must_use]
    pub const fn is_off(&self) -> bool {
        self.is_off
    }

    /// The power returns.
    pub const fn power_on(&mut self) {
        self.is_off = false;
        self.cut = None;
    }

    /// Writes and erases so far.
    #[must_use]
    pub const fn operations(&self) -> u64 {
        self.operations
    }

    /// Bytes written so far.
    #[must_use]
    pub const fn bytes_written(&self) -> u64 {
        self.bytes_written
    }

    /// How often each page was erased so far.
    #[must_use]
    pub fn erases(&self) -> &[u32] {
        &self.erases
    }

    /// What it holds.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Flips a bit, as old age does.
    pub fn flip(&mut self, address: usize, bit: u8) {
        if let Some(byte) = self.bytes.get_mut(address) {
            *byte ^= 1 << bit;
        }
    }

    /// Makes the word at this address keep what it holds, as wear does.
    pub fn wear_out(&mut self, address: usize) {
        if let Some(stuck) = self.stuck.get_mut(address / WORD) {
            *stuck = true;
        }
    }

    /// Fills it with something else.
    pub fn fill(&mut self, byte: u8) {
        self.bytes.fill(byte);
        self.writable.fill(false);
    }

    fn check(&self, from: u32, length: usize, unit: usize) -> Result<usize, FlashError> {
        let from = usize::try_from(from).map_err(|_| FlashError::OutOfBounds)?;
        if !from.is_multiple_of(unit) || !length.is_multiple_of(unit) {
            return Err(FlashError::NotAligned);
        }
        match from.checked_add(length) {
            Some(end) if end <= self.bytes.len() => Ok(from),
            _ => Err(FlashError::OutOfBounds),
        }
    }

    /// Counts a write or an erase; tells what the power cut does to it, if it comes now.
    fn begin(&mut self) -> Option<(Damage, ChaCha8Rng)> {
        self.operations += 1;
        let cut = self.cut.filter(|cut| cut.at_operation == self.operations)?;
        self.is_off = true;
        Some((cut.damage, ChaCha8Rng::seed_from_u64(cut.seed)))
    }

    fn program(&mut self, at: usize, byte: u8) {
        let word = at / WORD;
        if self.stuck.get(word) == Some(&false)
            && let Some(old) = self.bytes.get_mut(at)
        {
            *old &= byte;
        }
    }
}

impl<const WORD: usize, const PAGE: usize> ErrorType for SimulatedFlash<WORD, PAGE> {
    type Error = FlashError;
}

impl<const WORD: usize, const PAGE: usize> ReadNorFlash for SimulatedFlash<WORD, PAGE> {
    // Small words stand for serial flash, which reads any byte; large ones for a microcontroller's own.
    const READ_SIZE: usize = if WORD > 4 { WORD } else { 1 };

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        if self.is_off {
            pending::<()>().await;
        }
        let from = self.check(offset, bytes.len(), Self::READ_SIZE)?;
        let held = self.bytes.iter().skip(from);
        bytes
            .iter_mut()
            .zip(held)
            .for_each(|(to, held)| *to = *held);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl<const WORD: usize, const PAGE: usize> NorFlash for SimulatedFlash<WORD, PAGE> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        if self.is_off {
            pending::<()>().await;
        }
        let length = to.checked_sub(from).ok_or(FlashError::OutOfBounds)?;
        let length = usize::try_from(length).map_err(|_| FlashError::OutOfBounds)?;
        let from = self.check(from, length, PAGE)?;
        // Each page is an operation of its own, so that the power can go between two of them.
        for page in (from..from + length).step_by(PAGE) {
            let range = page..page + PAGE;
            if let Some((damage, mut rng)) = self.begin() {
                let held = self.bytes.get_mut(range.clone()).unwrap_or_default();
                torn_erase(held, damage, WORD, &mut rng);
                pending::<()>().await;
            }
            for at in range {
                if self.stuck.get(at / WORD) == Some(&false)
                    && let Some(byte) = self.bytes.get_mut(at)
                {
                    *byte = ERASED;
                }
            }
            let words = page / WORD..(page + PAGE) / WORD;
            self.writable.get_mut(words).unwrap_or_default().fill(true);
            if let Some(erases) = self.erases.get_mut(page / PAGE) {
                *erases += 1;
            }
        }
        Ok(())
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        if self.is_off {
            pending::<()>().await;
        }
        let from = self.check(offset, bytes.len(), WORD)?;
        let words = from / WORD..(from + bytes.len()) / WORD;
        let held = self.writable.get(words.clone()).unwrap_or_default();
        if held.iter().any(|writable| !writable) {
            return Err(FlashError::WrittenTwice);
        }
        if let Some((damage, mut rng)) = self.begin() {
            let torn = torn_write(bytes, damage, WORD, &mut rng);
            for (at, byte) in (from..).zip(torn) {
                // A word that was not reached may be written another time.
                if byte != ERASED
                    && let Some(writable) = self.writable.get_mut(at / WORD)
                {
                    *writable = false;
                }
                self.program(at, byte);
            }
            pending::<()>().await;
        }
        self.writable.get_mut(words).unwrap_or_default().fill(false);
        for (at, byte) in (from..).zip(bytes) {
            self.program(at, *byte);
        }
        self.bytes_written += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(())
    }
}
