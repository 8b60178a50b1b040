//! A flash that is asked back what it was told: wear shows as a difference, and not years later as a lost alert.

use core::cell::Cell;

use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

/// Bytes that are compared at a time: a multiple of every word that sequential-storage works with.
pub(crate) const PIECE: usize = 64;
const ERASED: u8 = 0xFF;

/// What may happen to a page that sequential-storage wants to erase.
///
/// It never needs to: a bank is only appended to and read, and [`erase`] empties it as a whole. Where it wants to repair
/// one, it has met damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erasing {
    /// Nothing happens, so that what is still readable is read.
    Ignored,
    /// That is an error, so that the contents are written anew, elsewhere.
    Refused,
}

/// The flash as sequential-storage gets it.
pub(crate) struct Checked<'f, F> {
    pub(crate) flash: &'f mut F,
    pub(crate) erasing: Erasing,
    /// Where the last read ended: while records are read, the end of the last one.
    pub(crate) read_to: &'f Cell<u32>,
}

/// What went wrong down there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<E> {
    /// The driver's own error.
    Flash(E),
    /// At this address it does not hold what was written, or not 0xFF after it was erased.
    Worn { address: u32 },
    /// A page's marks are damaged.
    Damaged,
}

impl<E: NorFlashError> NorFlashError for Fault<E> {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Flash(error) => error.kind(),
            Self::Worn { .. } | Self::Damaged => NorFlashErrorKind::Other,
        }
    }
}

impl<F: NorFlash> ErrorType for Checked<'_, F> {
    type Error = Fault<F::Error>;
}

impl<F: NorFlash> ReadNorFlash for Checked<'_, F> {
    const READ_SIZE: usize = F::READ_SIZE;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.read_to.set(offset.saturating_add(length(bytes.len())));
        self.flash.read(offset, bytes).await.map_err(Fault::Flash)
    }

    fn capacity(&self) -> usize {
        self.flash.capacity()
    }
}

impl<F: NorFlash> NorFlash for Checked<'_, F> {
    const WRITE_SIZE: usize = F::WRITE_SIZE;
    const ERASE_SIZE: usize = F::ERASE_SIZE;

    async fn erase(&mut self, _: u32, _: u32) -> Result<(), Self::Error> {
        match self.erasing {
            Erasing::Ignored => Ok(()),
            Erasing::Refused => Err(Fault::Damaged),
        }
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        self.flash
            .write(offset, bytes)
            .await
            .map_err(Fault::Flash)?;
        let mut address = offset;
        for piece in bytes.chunks(PIECE) {
            let mut read = [0; PIECE];
            let read = read.get_mut(..piece.len()).unwrap_or_default();
            self.flash.read(address, read).await.map_err(Fault::Flash)?;
            if read != piece {
                return Err(Fault::Worn { address });
            }
            address = address.saturating_add(length(piece.len()));
        }
        Ok(())
    }
}

/// Erases whole pages, and looks whether they are empty then. The first one goes last: where its records are gone and those behind
/// it are not, it was not this that the power cut short.
pub(crate) async fn erase<F: NorFlash>(
    flash: &mut F,
    from: u32,
    to: u32,
) -> Result<(), Fault<F::Error>> {
    let page_bytes = length(F::ERASE_SIZE);
    let mut page_end = to;
    while page_end > from {
        let page = page_end.saturating_sub(page_bytes).max(from);
        flash.erase(page, page_end).await.map_err(Fault::Flash)?;
        page_end = page;
    }
    match first_written(flash, from, to).await? {
        None => Ok(()),
        Some(address) => Err(Fault::Worn { address }),
    }
}

/// Where the first piece begins that is not all 0xFF, if there is one.
pub(crate) async fn first_written<F: NorFlash>(
    flash: &mut F,
    from: u32,
    to: u32,
) -> Result<Option<u32>, Fault<F::Error>> {
    let mut address = from;
    while address < to {
        let (is_written, next) = look_at_piece(flash, address, to).await?;
        if is_written {
            return Ok(Some(address));
        }
        address = next;
    }
    Ok(None)
}

/// How many bytes lie in pieces that are not all 0xFF.
pub(crate) async fn count_written<F: NorFlash>(
    flash: &mut F,
    from: u32,
    to: u32,
) -> Result<u32, Fault<F::Error>> {
    let (mut address, mut count) = (from, 0_u32);
    while address < to {
        let (is_written, next) = look_at_piece(flash, address, to).await?;
        if is_written {
            count = count.saturating_add(next.saturating_sub(address));
        }
        address = next;
    }
    Ok(count)
}

/// Whether the piece at this address is not all 0xFF, and where the next one begins.
async fn look_at_piece<F: NorFlash>(
    flash: &mut F,
    address: u32,
    to: u32,
) -> Result<(bool, u32), Fault<F::Error>> {
    let mut piece = [0; PIECE];
    let left = usize::try_from(to.saturating_sub(address)).unwrap_or(PIECE);
    let piece = piece.get_mut(..left.min(PIECE)).unwrap_or_default();
    flash.read(address, piece).await.map_err(Fault::Flash)?;
    let is_written = piece.iter().any(|byte| *byte != ERASED);
    Ok((is_written, address.saturating_add(length(piece.len()))))
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
