//! Device registers: the one place where drivers touch memory that the compiler knows nothing
//! about.
#![allow(unsafe_code)]

/// A block of `SIZE` bytes of 32-bit device registers.
///
/// Offsets are checked while compiling, so that an access can neither be misaligned nor leave the
/// block.
#[derive(Clone, Copy)]
pub struct Registers<const SIZE: usize> {
    base: usize,
}

impl<const SIZE: usize> Registers<SIZE> {
    /// Names the block that starts at address `base`.
    ///
    /// # Safety
    /// The `SIZE` bytes at `base` must be device registers, `base` a multiple of 4, and no read or
    /// write of one of them (by DMA, for one) may change memory that Rust code uses.
    #[must_use]
    pub const unsafe fn at(base: usize) -> Self {
        Self { base }
    }

    /// Reads the register at `OFFSET`, with whatever side effect the device gives that.
    #[must_use]
    pub fn read<const OFFSET: usize>(self) -> u32 {
        // SAFETY: `address` lies within the block and is aligned; `at` promised the rest.
        unsafe { self.address::<OFFSET>().read_volatile() }
    }

    /// Writes the register at `OFFSET`.
    pub fn write<const OFFSET: usize>(self, value: u32) {
        // SAFETY: `address` lies within the block and is aligned; `at` promised the rest.
        unsafe { self.address::<OFFSET>().write_volatile(value) }
    }

    /// Sets the bits of `mask` in the register at `OFFSET`, which must read back what was written.
    pub fn set<const OFFSET: usize>(self, mask: u32) {
        self.write::<OFFSET>(self.read::<OFFSET>() | mask);
    }

    /// Fills `bytes` from a FIFO that is read through the register at `OFFSET`, a word in
    /// little-endian order at a time.
    pub fn read_fifo<const OFFSET: usize>(self, bytes: &mut [u8]) {
        let (words, rest) = bytes.as_chunks_mut();
        for word in words {
            *word = self.read::<OFFSET>().to_le_bytes();
        }
        if !rest.is_empty() {
            let word = self.read::<OFFSET>().to_le_bytes();
            rest.iter_mut().zip(word).for_each(|(to, from)| *to = from);
        }
    }

    /// Reads `count` words of such a FIFO and forgets them.
    pub fn discard_fifo<const OFFSET: usize>(self, count: usize) {
        for _ in 0..count {
            let _ = self.read::<OFFSET>();
        }
    }

    /// Writes `bytes` to a FIFO behind the register at `OFFSET` likewise; the last word is filled
    /// up with zeros.
    pub fn write_fifo<const OFFSET: usize>(self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write::<OFFSET>(u32::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut word = [0; 4];
            word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.write::<OFFSET>(u32::from_le_bytes(word));
        }
    }

    fn address<const OFFSET: usize>(self) -> *mut u32 {
        const {
            assert!(
                OFFSET + 4 <= SIZE && OFFSET.is_multiple_of(4),
                "no register there"
            );
        };
        core::ptr::with_exposed_provenance_mut(self.base + OFFSET)
    }
}
