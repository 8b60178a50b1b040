//! A NOR flash in a file.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::ErrorKind::{InvalidInput, Unsupported};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use embedded_storage_async::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

/// Large enough for the longest messages.
const PAGE: usize = 64 * 1024;
const WORD: usize = 4;
const ERASED: u8 = 0xFF;

/// A NOR flash in a file, for an outbox that survives the end of the process, the crash of the machine and power cuts.
///
/// Pages have 65,536 bytes, words 4; erasing sets bytes to 0xFF and writing only clears bits, as in a chip. Each write and
/// erase is on the disk (`fdatasync`) before it is answered. The file is locked as long as this lives, so that a second
/// process gets an error instead of a share; the lock goes with the process, however that ends.
///
/// # Examples
/// ```
/// use xobito_std::outbox::FileFlash;
///
/// # let folder = std::env::temp_dir().join(format!("file-flash-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("outbox.flash");
/// let flash = FileFlash::open(&path, 2 * 65_536)?;
/// assert!(FileFlash::open(&path, 2 * 65_536).is_err(), "it is in use");
/// drop(flash);
/// assert!(FileFlash::open(&path, 2 * 65_536).is_ok());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FileFlash {
    place: Place,
    path: PathBuf,
    capacity: usize,
}

#[derive(Debug)]
enum Place {
    File(File),
    /// A copy, which nobody keeps.
    Memory(Vec<u8>),
}

impl FileFlash {
    /// Opens the flash in this file. Where there is none, makes an erased one of `capacity` bytes, rounded up to an even
    /// number of pages; a file that is there keeps its size.
    ///
    /// # Errors
    /// [`OpenError`]: another process has it, it is no flash, or the system refuses.
    pub fn open(path: impl AsRef<Path>, capacity: usize) -> Result<Self, OpenError> {
        let path = path.as_ref().to_path_buf();
        let failed = |source| OpenError::Io {
            path: path.clone(),
            source,
        };
        let file = loop {
            match OpenOptions::new().read(true).write(true).open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create(&path, capacity.next_multiple_of(2 * PAGE)).map_err(failed)?;
                }
                opened => break opened.map_err(failed)?,
            }
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { path }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let bytes = file.metadata().map_err(failed)?.len();
        let capacity = capacity_of(bytes);
        match capacity {
            Some(capacity) => Ok(Self {
                place: Place::File(file),
                path,
                capacity,
            }),
            None => Err(OpenError::NoFlash { path, bytes }),
        }
    }

    /// A copy in memory of the flash in this file, to look at while another process may be using it: as it would be after a
    /// power cut at this moment. Nothing that is written to it is kept.
    ///
    /// # Errors
    /// [`OpenError`]: there is none, it is no flash, or the system refuses.
    pub fn copy(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref().to_path_buf();
        let contents = match fs::read(&path) {
            Ok(contents) => contents,
            Err(source) => return Err(OpenError::Io { path, source }),
        };
        let bytes = u64::try_from(contents.len()).unwrap_or(u64::MAX);
        match capacity_of(bytes) {
            Some(capacity) => Ok(Self {
                place: Place::Memory(contents),
                path,
                capacity,
            }),
            None => Err(OpenError::NoFlash { path, bytes }),
        }
    }

    /// Which file it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where in the file that is, if it is inside and a multiple of the unit.
    fn check(&self, offset: u32, length: usize, unit: usize) -> Result<usize, FileFlashError> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        if !start.is_multiple_of(unit) || !length.is_multiple_of(unit) {
            return Err(FileFlashError::NotAligned);
        }
        match start.checked_add(length) {
            Some(end) if end <= self.capacity => Ok(start),
            _ => Err(FileFlashError::OutOfBounds),
        }
    }

    fn get(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FileFlashError> {
        let start = self.check(offset, bytes.len(), 1)?;
        match &mut self.place {
            Place::File(file) => {
                file.seek(SeekFrom::Start(offset.into()))?;
                file.read_exact(bytes)?;
            }
            Place::Memory(held) => {
                let held = held.get(start..).unwrap_or_default();
                bytes
                    .iter_mut()
                    .zip(held)
                    .for_each(|(to, from)| *to = *from);
            }
        }
        Ok(())
    }

    fn put(&mut self, offset: u32, bytes: &[u8], unit: usize) -> Result<(), FileFlashError> {
        let start = self.check(offset, bytes.len(), unit)?;
        match &mut self.place {
            Place::File(file) => {
                file.seek(SeekFrom::Start(offset.into()))?;
                file.write_all(bytes)?;
                file.sync_data()?;
            }
            Place::Memory(held) => {
                let held = held.get_mut(start..).unwrap_or_default();
                held.iter_mut()
                    .zip(bytes)
                    .for_each(|(to, from)| *to = *from);
            }
        }
        Ok(())
    }
}

/// How large a flash a file of so many bytes holds, if it can hold one.
fn capacity_of(bytes: u64) -> Option<usize> {
    let capacity = u32::try_from(bytes).ok()?;
    let capacity = usize::try_from(capacity).ok()?;
    (capacity > 0 && capacity.is_multiple_of(2 * PAGE)).then_some(capacity)
}

/// Makes the file whole before it gets its name, so that one that is there is never half a flash.
fn create(path: &Path, capacity: usize) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    // Processes in containers may have the same id.
    let random = RandomState::new().build_hasher().finish();
    unfinished.push(format!(".{random:016x}.new"));
    let unfinished = PathBuf::from(unfinished);
    let mut options = OpenOptions::new();
    // Not one that is there: it may be another name of a flash that is in use.
    options.write(true).create_new(true);
    // Alerts name people.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    let made = (|| {
        let page = vec![ERASED; PAGE];
        for _ in 0..capacity / PAGE {
            file.write_all(&page)?;
        }
        file.sync_all()?;
        match fs::hard_link(&unfinished, path) {
            // Somebody else was first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    })();
    let removed = fs::remove_file(&unfinished);
    made.and(removed)?;
    sync_folder(path)
}

/// Makes the names in the folder of this file outlast a power cut.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        return match File::open(folder.unwrap_or(Path::new(".")))?.sync_all() {
            // Its file system cannot.
            Err(error) if matches!(error.kind(), InvalidInput | Unsupported) => Ok(()),
            synced => synced,
        };
    }
    Ok(())
}

impl ErrorType for FileFlash {
    type Error = FileFlashError;
}

impl ReadNorFlash for FileFlash {
    const READ_SIZE: usize = 1;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FileFlashError> {
        self.get(offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.capacity
    }
}

impl NorFlash for FileFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), FileFlashError> {
        let length = to.checked_sub(from).ok_or(FileFlashError::OutOfBounds)?;
        let length = usize::try_from(length).map_err(|_| FileFlashError::OutOfBounds)?;
        self.put(from, &vec![ERASED; length], PAGE)
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FileFlashError> {
        let mut held = vec![0; bytes.len()];
        self.get(offset, &mut held)?;
        for (held, byte) in held.iter_mut().zip(bytes) {
            *held &= byte;
        }
        self.put(offset, &held, WORD)
    }
}

/// Why there is no flash in a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or another part of this one, has it open.
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// Its size is not one that a flash has: an even number of pages.
    NoFlash {
        /// Which file.
        path: PathBuf,
        /// How large it is.
        bytes: u64,
    },
    /// The system refused.
    Io {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path } => write!(f, "{} is in use by another process", path.display()),
            Self::NoFlash { path, bytes } => write!(
                f,
                "{} holds no outbox: it has {bytes} bytes, which is no multiple of {}",
                path.display(),
                2 * PAGE
            ),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Why a flash in a file did not do what it was told.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileFlashError {
    /// An address or length that is no multiple of what it has to be.
    NotAligned,
    /// Beyond the end.
    OutOfBounds,
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for FileFlashError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl NorFlashError for FileFlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::NotAligned => NorFlashErrorKind::NotAligned,
            Self::OutOfBounds => NorFlashErrorKind::OutOfBounds,
            Self::Io(_) => NorFlashErrorKind::Other,
        }
    }
}

impl fmt::Display for FileFlashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAligned => f.write_str("an address that is no multiple of the word or page"),
            Self::OutOfBounds => f.write_str("an address behind the end of the file"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FileFlashError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
