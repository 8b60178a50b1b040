//! The inbox: a file for each message, whole or not there.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use xobito_std::core::outbox::{Coalesce, Duplicates, Entry, EntryId, Key, Priority};
use xobito_std::core::{BorrowedRequest, E164, Kind};

const VERSION: u8 = 1;
/// What the names end in of files that hold no message.
const UNREADABLE: &str = "unreadable";
/// More than the longest message takes, each character of its texts escaped.
const BYTES_MAX: u64 = 1 << 20;

/// A message in the inbox.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    version: u8,
    pub(super) added_unix_ms: u64,
    pub(super) recipient: E164,
    pub(super) priority: Priority,
    pub(super) duplicates: Duplicates,
    /// None in a file of an older version: then it counts from when the outbox takes it.
    pub(super) ttl_ms: Option<u64>,
    pub(super) key: Option<(u32, Coalesce)>,
    kind: Kind,
    body: String,
    template: Option<String>,
    template_first: bool,
}

impl Message {
    pub(super) fn new(
        recipient: E164,
        duplicates: Duplicates,
        request: BorrowedRequest<'_>,
    ) -> Self {
        Self {
            version: VERSION,
            added_unix_ms: unix_ms(),
            recipient,
            priority: Priority::Normal,
            duplicates,
            ttl_ms: None,
            key: None,
            kind: request.kind(),
            body: String::from_utf8_lossy(request.body()).into_owned(),
            template: None,
            template_first: false,
        }
    }

    pub(super) fn fallback(&mut self, template: BorrowedRequest<'_>, is_first: bool) {
        self.template = Some(String::from_utf8_lossy(template.body()).into_owned());
        self.template_first = is_first;
    }

    /// As an outbox takes it; none if it is none.
    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        let request = BorrowedRequest::from_parts(self.kind, self.body.as_bytes()).ok()?;
        let mut entry =
            Entry::new(request, self.recipient, self.duplicates).priority(self.priority);
        if let Some(ttl_ms) = self.ttl_ms {
            let waited_ms = unix_ms().saturating_sub(self.added_unix_ms);
            entry = entry.time_to_live(Duration::from_millis(ttl_ms.saturating_sub(waited_ms)));
        }
        if let Some((key, coalesce)) = self.key {
            entry = entry.key(Key(key), coalesce);
        }
        if let Some(template) = &self.template {
            let template = BorrowedRequest::from_parts(Kind::Template, template.as_bytes()).ok()?;
            entry = if self.template_first {
                entry.template_first(template)
            } else {
                entry.fallback(template)
            };
        }
        Some(entry)
    }
}

/// The directory of these files.
///
/// `123-45-67.json` waits; `123-45-67.json.7` is being put into the outbox, where it is entry 7 if it got there.
pub(super) struct Inbox {
    directory: PathBuf,
}

/// A file of the inbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(String);

/// A file that holds a message, and the entry that it is becoming, if it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: Name,
    pub(super) entry: Option<EntryId>,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Inbox {
    pub(super) fn of(queue: &Path) -> Self {
        Self {
            directory: queue.join("inbox"),
        }
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Makes the directory, for its owner alone: messages name people.
    pub(super) fn create(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let new: Vec<_> = self.directory.ancestors().take_while(is_new).collect();
        builder.create(&self.directory)?;
        for folder in new {
            sync_folder(parent(folder))?;
        }
        Ok(())
    }

    /// Puts a message in. When this returns, it is on the disk, under a name of its own.
    pub(super) fn add(&self, message: &Message) -> io::Result<String> {
        // The age first, by which names are sorted. Processes in containers may have the same id.
        let begin = format!("{:015}-{}", message.added_unix_ms, std::process::id());
        self.add_under(message, || format!("{begin}-{:016x}", random()))
    }

    /// Tries one name after the other until it has one that nobody else has.
    fn add_under(
        &self,
        message: &Message,
        mut next_name: impl FnMut() -> String,
    ) -> io::Result<String> {
        loop {
            let name = next_name();
            match self.add_as(message, &name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                added => return added.map(|()| name),
            }
        }
    }

    /// Puts it in under this name, if nobody has it; nothing is ever replaced.
    fn add_as(&self, message: &Message, name: &str) -> io::Result<()> {
        let unfinished = self.directory.join(format!("{name}.new"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        let published = (|| {
            serde_json::to_writer(&mut file, message)?;
            file.flush()?;
            file.sync_all()?;
            fs::hard_link(&unfinished, self.path_of(name))
        })();
        // One that stays behind does no harm: only what ends in `.json` is ever taken. And an error now would make the
        // caller add again what is there.
        let _ = fs::remove_file(&unfinished);
        published?;
        let synced = self.sync();
        if synced.is_err() && fs::remove_file(self.path_of(name)).is_err() {
            // A run has it already, or will: it must not be added again.
            return Ok(());
        }
        synced
    }

    fn path_of(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.json"))
    }

    /// What waits, the oldest first.
    pub(super) fn waiting(&self) -> io::Result<Vec<Name>> {
        self.ending_in("json")
    }

    /// What waits, or is being put into the outbox, the oldest first.
    pub(super) fn files(&self) -> io::Result<Vec<File>> {
        let mut names = self.names()?;
        names.sort();
        let files = names.into_iter().filter_map(|name| {
            let entry = claim_of(&name).map(|(_, entry)| entry);
            let is_message = Path::new(&name).extension() == Some("json".as_ref());
            (is_message || entry.is_some()).then_some(File {
                name: Name(name),
                entry,
            })
        });
        Ok(files.collect())
    }

    /// What was put aside because it is no message.
    pub(super) fn unreadable(&self) -> io::Result<Vec<Name>> {
        self.ending_in(UNREADABLE)
    }

    fn ending_in(&self, extension: &str) -> io::Result<Vec<Name>> {
        let mut names = self.names()?;
        names.retain(|name| Path::new(name).extension() == Some(extension.as_ref()));
        names.sort();
        Ok(names.into_iter().map(Name).collect())
    }

    /// The message in this file; none if what was read is none.
    pub(super) fn read(&self, name: &Name) -> io::Result<Option<Message>> {
        let path = self.directory.join(&name.0);
        let kind = match fs::symlink_metadata(&path) {
            // It was not found under the name that can be shown.
            Err(_) if name.0.contains(char::REPLACEMENT_CHARACTER) => {
                return Err(io::Error::other("its name is no UTF-8"));
            }
            metadata => metadata?.file_type(),
        };
        if !kind.is_file() {
            // To read a pipe would be to wait for whoever writes to it.
            return Err(io::Error::other("it is no file"));
        }
        let mut contents = Vec::new();
        let file = fs::File::open(path)?;
        file.take(BYTES_MAX).read_to_end(&mut contents)?;
        let message: Option<Message> = serde_json::from_slice(&contents).ok();
        Ok(message.filter(|message| message.version == VERSION && message.entry().is_some()))
    }

    /// It is about to be put into the outbox, as this entry if that gives it an id of its own.
    pub(super) fn claim(&self, name: &Name, next: EntryId) -> Result<Claimed, Trouble> {
        let claimed = Claimed {
            path: self.directory.join(format!("{}.{next}", name.0)),
            id: next,
        };
        let renamed = fs::rename(self.directory.join(&name.0), &claimed.path);
        renamed.map_err(Trouble::Passing)?;
        if let Err(error) = self.sync() {
            self.give_back(name, claimed)?;
            return Err(Trouble::Passing(error));
        }
        Ok(claimed)
    }

    /// It was not put there.
    pub(super) fn give_back(&self, name: &Name, claimed: Claimed) -> Result<(), Trouble> {
        let renamed = fs::rename(claimed.path, self.directory.join(&name.0));
        renamed.map_err(Trouble::Lasting)
    }

    /// It is there, as this entry: nothing may be sent of it before this.
    pub(super) fn done(&self, claimed: Claimed, entry: EntryId) -> Result<(), Trouble> {
        let removed = fs::remove_file(claimed.path);
        if entry == claimed.id {
            // Should it stay, or the power bring it back, its name says that it is there.
            removed.map_err(Trouble::Passing)
        } else {
            // It was joined to another, and no name could say that.
            removed.and_then(|()| self.sync()).map_err(Trouble::Lasting)
        }
    }

    /// Puts aside what is no message.
    pub(super) fn put_aside(&self, name: &Name) -> io::Result<Name> {
        let aside = format!("{name}.{UNREADABLE}");
        fs::rename(self.directory.join(&name.0), self.directory.join(&aside))?;
        Ok(Name(aside))
    }

    /// Settles what a run left that did not get to its end: `last` is the largest id that the outbox has given.
    pub(super) fn recover(&self, last: EntryId) -> io::Result<()> {
        for name in self.names()? {
            let Some((waiting, id)) = claim_of(&name) else {
                continue;
            };
            let claimed = self.directory.join(&name);
            if id <= last {
                fs::remove_file(claimed)?;
            } else {
                fs::rename(claimed, self.directory.join(waiting))?;
            }
        }
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.directory)?;
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    fn sync(&self) -> io::Result<()> {
        sync_folder(&self.directory)
    }
}

/// The name under which this one waited, and the entry that it was to become, where it is being put into the outbox.
fn claim_of(name: &str) -> Option<(&str, EntryId)> {
    let (waiting, id) = name.rsplit_once('.')?;
    let is_message = Path::new(waiting).extension() == Some("json".as_ref());
    // None was ever claimed under a name that cannot be shown.
    let is_message = is_message && !name.contains(char::REPLACEMENT_CHARACTER);
    let id = id.parse().ok().filter(|_| is_message)?;
    Some((waiting, EntryId(id)))
}

/// A file that is being put into the outbox.
#[must_use]
pub(super) struct Claimed {
    path: PathBuf,
    id: EntryId,
}

/// What the system refused to do with a file of the inbox.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The file is where it was.
    Passing(io::Error),
    /// The file has a name that only the next run sets right. Until then nothing may go on, or it could be lost or sent twice.
    Lasting(io::Error),
}

fn parent(folder: &Path) -> &Path {
    match folder.parent() {
        None => folder,
        Some(parent) if parent == Path::new("") => Path::new("."),
        Some(parent) => parent,
    }
}

/// Makes the names in this folder outlast a power cut, where its file system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    if !cfg!(unix) {
        return Ok(());
    }
    match fs::File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), InvalidInput | Unsupported) => Ok(()),
        synced => synced,
    }
}

/// 64 bits that two adds hardly ever share: the keys of a hash map, which come from the system.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

pub(super) fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests;
