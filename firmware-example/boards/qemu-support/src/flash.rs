//! A NOR flash in a file of the host, so that a power cut is real: kill the emulator, and start it again.
//!
//! Erasing sets bytes to 0xFF, writing only clears bits. The host's file outlives the emulator as a chip outlives a reset.

use core::ffi::CStr;

use embedded_storage_async::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use semihosting::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
};

use crate::host;

/// As much as the application needs.
const CAPACITY: usize = firmware_app::FLASH_BYTES;
const PAGE: usize = 4096;
const WORD: usize = 4;
const ERASED: u8 = 0xFF;
/// Bytes that go to the host and come from it at a time.
const PIECE: usize = 256;
/// The longest name of the file.
const PATH_MAX: usize = 160;

/// A flash in a file.
pub struct HostFlash {
    file: File,
}

impl HostFlash {
    /// The flash in the file that the emulator's argument `name=` names. It is made if it is not there. None without that
    /// argument, or if the host refuses.
    #[must_use]
    pub fn of_argument(name: &str) -> Option<Self> {
        let mut path = [0; PATH_MAX];
        // The last byte stays 0, and ends the name.
        let length = host::argument(name, path.get_mut(..PATH_MAX - 1)?)?.len();
        let path = CStr::from_bytes_with_nul(path.get(..=length)?).ok()?;
        let mut options = File::options();
        options.read(true).write(true);
        if let Ok(file) = options.open(path) {
            return Some(Self { file });
        }
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
            .ok()?;
        let mut flash = Self { file };
        for page in (0..CAPACITY).step_by(PAGE) {
            flash.blank(page).ok()?;
        }
        Some(flash)
    }

    fn blank(&mut self, page: usize) -> Result<(), NorFlashErrorKind> {
        for at in (page..page + PAGE).step_by(PIECE) {
            self.put(at, &[ERASED; PIECE])?;
        }
        Ok(())
    }

    fn get(&mut self, at: usize, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        let at = u64::try_from(at).map_err(|_| NorFlashErrorKind::OutOfBounds)?;
        self.file.seek(SeekFrom::Start(at)).map_err(host_error)?;
        self.file.read_exact(bytes).map_err(host_error)
    }

    fn put(&mut self, at: usize, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        let at = u64::try_from(at).map_err(|_| NorFlashErrorKind::OutOfBounds)?;
        self.file.seek(SeekFrom::Start(at)).map_err(host_error)?;
        self.file.write_all(bytes).map_err(host_error)
    }
}

fn host_error(_: semihosting::io::Error) -> NorFlashErrorKind {
    NorFlashErrorKind::Other
}

/// Where in the file that is, if it is inside and made of whole units.
fn place(offset: u32, length: usize, unit: usize) -> Result<usize, NorFlashErrorKind> {
    let at = usize::try_from(offset).map_err(|_| NorFlashErrorKind::OutOfBounds)?;
    if !at.is_multiple_of(unit) || !length.is_multiple_of(unit) {
        return Err(NorFlashErrorKind::NotAligned);
    }
    match at.checked_add(length) {
        Some(end) if end <= CAPACITY => Ok(at),
        _ => Err(NorFlashErrorKind::OutOfBounds),
    }
}

impl ErrorType for HostFlash {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for HostFlash {
    const READ_SIZE: usize = 1;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        self.get(place(offset, bytes.len(), 1)?, bytes)
    }

    fn capacity(&self) -> usize {
        CAPACITY
    }
}

impl NorFlash for HostFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        let length = to.checked_sub(from).ok_or(NorFlashErrorKind::OutOfBounds)?;
        let length = usize::try_from(length).map_err(|_| NorFlashErrorKind::OutOfBounds)?;
        let start = place(from, length, PAGE)?;
        for page in (start..start + length).step_by(PAGE) {
            self.blank(page)?;
        }
        Ok(())
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        let mut at = place(offset, bytes.len(), WORD)?;
        for piece in bytes.chunks(PIECE) {
            let mut held = [0; PIECE];
            let held = held.get_mut(..piece.len()).unwrap_or_default();
            self.get(at, held)?;
            for (held, byte) in held.iter_mut().zip(piece) {
                *held &= byte;
            }
            self.put(at, held)?;
            at += piece.len();
        }
        Ok(())
    }
}
