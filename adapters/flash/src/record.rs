//! What the records of the log look like, version 2: since then a state has its tries. Numbers are little-endian.
//!
//! ```text
//! head    kind 1, number 4
//! mark    head, "XbOx" 4, version 1, generation 4, last id 4
//! entry   head, id 4, displaced 4 + 2, state, priority 1, duplicates 1, key 1 + 4, kind 1, recipient 1 + 16,
//!         length of the request 2, of the template 2, request, template
//! state   head, id 4, stage 1 + 2, part 1, stands for 4, attempts 2, tries 1, time to live 1 + 6, message id 1 + up to 128
//! freed   head, id 4
//! ```
//! Marks look like that in every version: they are how a version is found out. Zeros may follow any record.

mod wire;

use core::time::Duration;

use xobito_core::limits::MESSAGE_ID_MAX;
use xobito_core::outbox::{Duplicates, End, EntryId, Key, Part, Priority, Snapshot, Stage};
use xobito_core::{E164, Kind, MessageId};

use wire::{Reader, Writer};

/// Bytes that an entry's record has besides the bodies. A message's id takes the place of a body.
pub(crate) const RECORD_OVERHEAD: usize = HEAD + 4 + 6 + STATE + 1 + 1 + 5 + 1 + 17 + 4;
const HEAD: usize = 5;
/// Without the message's id.
const STATE: usize = 3 + 1 + 4 + 2 + 1 + 7 + 1;
/// Where the record's number stands.
const NUMBER: core::ops::Range<usize> = 1..5;
/// Set in a record's kind where it was written behind a commit.
const BEHIND_COMMIT: u8 = 0x80;
const FOREVER: u8 = 1;
const NUMBER_MAX: usize = 16;

/// The kinds of records.
mod kind {
    pub(super) const HEADER: u8 = 1;
    pub(super) const COMMIT: u8 = 2;
    pub(super) const ENTRY: u8 = 3;
    pub(super) const STATE: u8 = 4;
    pub(super) const FREED: u8 = 5;
}

/// The number of a record, if it has one.
pub(crate) fn sequence(record: &[u8]) -> Option<u32> {
    let bytes = record.get(NUMBER)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes))
}

/// Completes a record's head.
pub(crate) fn number(record: &mut [u8], sequence: u32, behind_commit: bool) {
    if let Some(number) = record.get_mut(NUMBER) {
        number.copy_from_slice(&sequence.to_le_bytes());
    }
    if let Some(kind) = record.first_mut().filter(|_| behind_commit) {
        *kind |= BEHIND_COMMIT;
    }
}

/// Whether a record proves that its bank was committed.
pub(crate) fn is_behind_commit(record: &[u8]) -> bool {
    record.first().is_some_and(|kind| kind & BEHIND_COMMIT != 0)
}

/// The largest id that this tells of: a mark's, or that of its entry. 0 where it tells of none.
pub(crate) fn newest_id(record: &[u8]) -> EntryId {
    if let Some((_, mark)) = Mark::decode(record) {
        return mark.last_id;
    }
    let mut reader = Reader::new(record);
    let id = match reader.head() {
        Some(kind::ENTRY | kind::STATE | kind::FREED) => reader.u32(),
        _ => None,
    };
    EntryId(id.unwrap_or(0))
}

/// The first record of a bank, or the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) version: u8,
    pub(crate) generation: u32,
    /// The largest id that was given out.
    pub(crate) last_id: EntryId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkKind {
    Header,
    Commit,
}

impl Mark {
    pub(crate) const VERSION: u8 = 2;
    /// Bytes of its record.
    pub(crate) const RECORD: usize = HEAD + 4 + 1 + 4 + 4;
    const MAGIC: [u8; 4] = *b"XbOx";

    pub(crate) fn encode(self, kind: MarkKind, buffer: &mut [u8]) -> Option<usize> {
        let mut writer = Writer::new(buffer);
        writer.head(match kind {
            MarkKind::Header => kind::HEADER,
            MarkKind::Commit => kind::COMMIT,
        });
        writer.bytes(&Self::MAGIC);
        writer.u8(self.version);
        writer.u32(self.generation);
        writer.u32(self.last_id.0);
        writer.finish()
    }

    pub(crate) fn decode(record: &[u8]) -> Option<(MarkKind, Self)> {
        let mut reader = Reader::new(record);
        let kind = match reader.head()? {
            kind::HEADER => MarkKind::Header,
            kind::COMMIT => MarkKind::Commit,
            _ => return None,
        };
        if reader.bytes(Self::MAGIC.len())? != Self::MAGIC {
            return None;
        }
        let mark = Self {
            version: reader.u8()?,
            generation: reader.u32()?,
            last_id: EntryId(reader.u32()?),
        };
        Some((kind, mark))
    }
}

/// A record about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // Without allocation there is nowhere else to put it.
pub(crate) enum Record<'r> {
    /// All of it, and which other entry is over with it, and how.
    Entry {
        stored: Snapshot<'r>,
        displaced: Option<(EntryId, End)>,
    },
    /// Where it stands; only that part of the snapshot means something.
    State(Snapshot<'r>),
    /// It is over, and was reported.
    Freed(EntryId),
}

impl<'r> Record<'r> {
    pub(crate) fn encode(&self, buffer: &mut [u8]) -> Option<usize> {
        let mut writer = Writer::new(buffer);
        match self {
            Self::Entry { stored, displaced } => {
                writer.head(kind::ENTRY);
                writer.u32(stored.id.0);
                writer.u32(displaced.map_or(0, |(id, _)| id.0));
                writer.bytes(&displaced.map_or([0; 2], |(_, end)| end.code()));
                state(&mut writer, stored)?;
                rest(&mut writer, stored)?;
            }
            Self::State(stored) => {
                writer.head(kind::STATE);
                writer.u32(stored.id.0);
                state(&mut writer, stored)?;
            }
            Self::Freed(id) => {
                writer.head(kind::FREED);
                writer.u32(id.0);
            }
        }
        writer.finish()
    }

    /// Reads a record; none if it is not one about an entry, or makes no sense.
    pub(crate) fn decode(record: &'r [u8]) -> Option<Self> {
        let mut reader = Reader::new(record);
        let kind = reader.head()?;
        let id = EntryId(reader.u32()?);
        let decoded = match kind {
            kind::ENTRY => {
                let (displaced, end) = (EntryId(reader.u32()?), reader.bytes(2)?);
                let displaced = match displaced {
                    EntryId(0) => None,
                    id => Some((id, End::from_code(end.try_into().ok()?)?)),
                };
                let mut stored = read_state(id, &mut reader)?;
                read_rest(&mut stored, &mut reader)?;
                Self::Entry { stored, displaced }
            }
            kind::STATE => Self::State(read_state(id, &mut reader)?),
            kind::FREED => Self::Freed(id),
            _ => return None,
        };
        reader.is_at_end().then_some(decoded)
    }
}

fn state(writer: &mut Writer<'_>, stored: &Snapshot<'_>) -> Option<()> {
    let (stage, end) = match stored.stage {
        Stage::Waiting => (0, [0; 2]),
        Stage::InFlight => (1, [0; 2]),
        Stage::Accepted => (2, [0; 2]),
        Stage::Ended(end) => (3, end.code()),
    };
    writer.u8(stage);
    writer.bytes(&end);
    let part = u8::from(stored.part == Part::Template);
    writer.u8(part | u8::from(stored.other_part_left) << 1);
    writer.u32(stored.stands_for);
    writer.u16(stored.attempts);
    writer.u8(stored.tries);
    // Six bytes of milliseconds are 8,900 years. Eight bytes of 0xFF in a row, which would look like the end of all
    // records, occur in none.
    match stored.time_to_live {
        Duration::MAX => {
            writer.u8(FOREVER);
            writer.bytes(&[0; 6]);
        }
        time_to_live => {
            writer.u8(0);
            let ms = u64::try_from(time_to_live.as_millis()).unwrap_or(u64::MAX);
            let ms = ms.min((1 << 48) - 1).to_le_bytes();
            writer.bytes(ms.get(..6)?);
        }
    }
    let message_id = stored.message_id.as_ref().map_or("", MessageId::as_str);
    writer.short(message_id.as_bytes());
    Some(())
}

fn read_state<'r>(id: EntryId, reader: &mut Reader<'r>) -> Option<Snapshot<'r>> {
    let (stage, end) = (reader.u8()?, reader.bytes(2)?);
    let stage = match stage {
        0 => Stage::Waiting,
        1 => Stage::InFlight,
        2 => Stage::Accepted,
        3 => Stage::Ended(End::from_code(end.try_into().ok()?)?),
        _ => return None,
    };
    let part = reader.u8().filter(|part| *part <= 3)?;
    let (stands_for, attempts, tries) = (reader.u32()?, reader.u16()?, reader.u8()?);
    let forever = reader.u8().filter(|forever| *forever <= FOREVER)?;
    let mut ms = [0; 8];
    ms.get_mut(..6)?.copy_from_slice(reader.bytes(6)?);
    let message_id = core::str::from_utf8(reader.short()?).ok()?;
    Some(Snapshot {
        id,
        stage,
        stands_for,
        attempts,
        tries,
        time_to_live: if forever == FOREVER {
            Duration::MAX
        } else {
            Duration::from_millis(u64::from_le_bytes(ms))
        },
        part: if part & 1 == 0 {
            Part::Request
        } else {
            Part::Template
        },
        other_part_left: part & 2 != 0,
        message_id: match message_id {
            "" => None,
            id => Some(MessageId::new(id).ok()?),
        },
        recipient: NOBODY,
        priority: Priority::Normal,
        duplicates: Duplicates::AtMostOnce,
        key: None,
        kind: Kind::Send,
        body: &[],
        template: &[],
    })
}

/// Stands in a state's record for the recipient that it does not have.
const NOBODY: E164 = xobito_core::checked!(E164::new("+10000000"));

fn rest(writer: &mut Writer<'_>, stored: &Snapshot<'_>) -> Option<()> {
    writer.u8(match stored.priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    });
    writer.u8(u8::from(stored.duplicates == Duplicates::AtMostOnce));
    writer.u8(u8::from(stored.key.is_some()));
    writer.u32(stored.key.map_or(0, |key| key.0));
    writer.u8(match stored.kind {
        Kind::Send => 0,
        Kind::Template => 1,
        Kind::Media => 2,
        _ => return None,
    });
    let recipient = stored.recipient.as_bytes();
    writer.short(recipient);
    writer.zeros(NUMBER_MAX.checked_sub(recipient.len())?);
    writer.u16(u16::try_from(stored.body.len()).ok()?);
    writer.u16(u16::try_from(stored.template.len()).ok()?);
    writer.bytes(stored.body);
    writer.bytes(stored.template);
    Some(())
}

fn read_rest<'r>(stored: &mut Snapshot<'r>, reader: &mut Reader<'r>) -> Option<()> {
    stored.priority = match reader.u8()? {
        0 => Priority::Low,
        1 => Priority::Normal,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => return None,
    };
    stored.duplicates = match reader.u8()? {
        0 => Duplicates::AtLeastOnce,
        1 => Duplicates::AtMostOnce,
        _ => return None,
    };
    let (has_key, key) = (reader.u8()?, reader.u32()?);
    stored.key = (has_key != 0).then_some(Key(key));
    stored.kind = match reader.u8()? {
        0 => Kind::Send,
        1 => Kind::Template,
        2 => Kind::Media,
        _ => return None,
    };
    let length = reader.u8()?.into();
    let recipient = reader.bytes(NUMBER_MAX)?.get(..length)?;
    stored.recipient = E164::new(core::str::from_utf8(recipient).ok()?).ok()?;
    let (body, template) = (reader.u16()?.into(), reader.u16()?.into());
    stored.body = reader.bytes(body)?;
    stored.template = reader.bytes(template)?;
    Some(())
}

// A state with the longest message id fits into a working memory for the smallest slots.
const _: () = assert!(HEAD + 4 + STATE + MESSAGE_ID_MAX <= RECORD_OVERHEAD + MESSAGE_ID_MAX);

#[cfg(test)]
mod tests;
