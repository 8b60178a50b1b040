//! Where an entry lives: a few words of state, and the bytes of its requests.

use core::cmp::Reverse;

use super::clock::Instant;
use super::entry::{Duplicates, Entry, EntryId, Key, Part, Priority};
use super::event::{End, Ended};
use super::store::Change;
use crate::phone::PackedNumber;
use crate::{BorrowedRequest, E164, Kind, MessageId};

/// What an entry is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is none.
    Free,
    /// To be sent, not before `not_before`.
    Waiting,
    /// Handed out for sending.
    Sending,
    /// Taken by the API; to be asked after, not before `not_before`.
    Accepted,
    /// Handed out for asking after.
    Asking,
    /// Over, and not yet reported.
    Ended(End),
}

/// So often may an entry be set back before less urgent ones get their turn.
pub(super) const SETBACKS_A_LEVEL: u8 = 4;

/// What is less goes out first.
pub(super) type Rank = (bool, u8, Reverse<Priority>, u8, EntryId);

/// A slot for one entry.
///
/// `bytes` holds the request at its start and the template at its end. Once the API took a message its request is never
/// needed again, and the message's id takes the request's place.
#[derive(Clone, Debug)]
#[repr(C)] // What is small comes first: behind the bytes it would take longer instructions to reach.
pub(super) struct Slot<const BYTES: usize> {
    pub(super) recipient: PackedNumber,
    pub(super) not_before: Instant,
    pub(super) expires: Instant,
    pub(super) id: EntryId,
    /// What it is about, where it has a key.
    about: Key,
    pub(super) stands_for: u32,
    pub(super) attempts: u16,
    body_len: u16,
    template_len: u16,
    id_len: u8,
    /// While it waits, how often in a row it was put off: after a server error or an unknown outcome, or because it was not taken
    /// in. Queries once it is accepted.
    pub(super) tries: u8,
    /// How often it was refused or not answered, and is to be tried again; a refused token or kind counts for more. See
    /// [`Slot::rank`].
    setbacks: u8,
    /// One of its messages may have reached the recipient.
    pub(super) may_have_arrived: bool,
    has_key: bool,
    kind: Kind,
    pub(super) priority: Priority,
    pub(super) duplicates: Duplicates,
    pub(super) part: Part,
    pub(super) other_part_left: bool,
    pub(super) state: State,
    pub(super) change: Option<Change>,
    bytes: [u8; BYTES],
}

impl<const BYTES: usize> Slot<BYTES> {
    pub(super) const FREE: Self = Self {
        recipient: PackedNumber::NONE,
        not_before: Instant::START,
        expires: Instant::NEVER,
        id: EntryId(0),
        about: Key(0),
        stands_for: 0,
        attempts: 0,
        body_len: 0,
        template_len: 0,
        id_len: 0,
        tries: 0,
        setbacks: 0,
        may_have_arrived: false,
        has_key: false,
        kind: Kind::Send,
        priority: Priority::Normal,
        duplicates: Duplicates::AtMostOnce,
        part: Part::Request,
        other_part_left: false,
        state: State::Free,
        change: None,
        bytes: [0; BYTES],
    };

    /// Takes over what is to be sent, and how. Id, counts and state stay.
    pub(super) fn fill(&mut self, entry: &Entry<'_>, expires: Instant) {
        self.recipient = PackedNumber::from(&entry.recipient);
        self.expires = expires;
        self.set_key(entry.key.map(|(key, _)| key));
        self.priority = entry.priority;
        self.duplicates = entry.duplicates;
        self.part = if entry.template_first {
            Part::Template
        } else {
            Part::Request
        };
        self.other_part_left = entry.template.is_some();
        let template = entry.template.as_ref().map(BorrowedRequest::body);
        self.put(
            entry.request.kind(),
            entry.request.body(),
            template.unwrap_or_default(),
        );
    }

    /// Copies the bytes. Whoever calls has seen to it that they fit.
    pub(super) fn put(&mut self, kind: Kind, body: &[u8], template: &[u8]) {
        self.kind = kind;
        self.id_len = 0;
        self.body_len = copy(&mut self.bytes, body);
        let behind = BYTES.saturating_sub(template.len());
        self.template_len = self
            .bytes
            .get_mut(behind..)
            .map_or(0, |room| copy(room, template));
    }

    pub(super) fn body(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.body_len))
            .unwrap_or_default()
    }

    pub(super) fn template(&self) -> &[u8] {
        let at = BYTES.saturating_sub(self.template_len.into());
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The kind of the request.
    pub(super) const fn own_kind(&self) -> Kind {
        self.kind
    }

    /// The kind of what is to be sent.
    pub(super) const fn kind(&self) -> Kind {
        match self.part {
            Part::Request => self.kind,
            Part::Template => Kind::Template,
        }
    }

    /// What is to be sent.
    pub(super) fn request(&self) -> BorrowedRequest<'_> {
        let body = match self.part {
            Part::Request => self.body(),
            Part::Template => self.template(),
        };
        BorrowedRequest::stored(self.kind(), body)
    }

    pub(super) fn key(&self) -> Option<Key> {
        self.has_key.then_some(self.about)
    }

    pub(super) fn set_key(&mut self, key: Option<Key>) {
        self.has_key = key.is_some();
        self.about = key.unwrap_or(Key(0));
    }

    /// What goes out first, where several may: messages before queries, the more urgent before others, the older before the
    /// younger.
    ///
    /// But what is refused each time, or never answered, may make everything wait each time. So it goes behind its like from the
    /// second time on, and after [`SETBACKS_A_LEVEL`] times also behind what is less urgent.
    pub(super) fn rank(&self) -> Rank {
        (
            self.state == State::Accepted,
            self.setbacks / SETBACKS_A_LEVEL,
            Reverse(self.priority),
            self.setbacks,
            self.id,
        )
    }

    /// It was not taken, and is tried again.
    pub(super) fn set_back(&mut self, by: u8) {
        self.setbacks = self.setbacks.saturating_add(by);
    }

    /// As if it had never been tried.
    pub(super) fn forget_tries(&mut self) {
        self.tries = 0;
        self.setbacks = 0;
    }

    pub(super) fn message_id(&self) -> Option<MessageId> {
        let id = self.bytes.get(..usize::from(self.id_len))?;
        MessageId::new(core::str::from_utf8(id).ok()?).ok()
    }

    /// The API took it under this id, which takes the place of the request.
    pub(super) fn keep_message_id(&mut self, id: Option<&str>) {
        self.body_len = 0;
        let id = id.unwrap_or_default().as_bytes();
        let len = copy(&mut self.bytes, id);
        self.id_len = u8::try_from(len).unwrap_or_default();
    }

    /// It waits again.
    pub(super) fn wait(&mut self) {
        self.state = State::Waiting;
        self.changed_state();
    }

    pub(super) fn end(&mut self, end: End) {
        self.state = State::Ended(end);
        self.changed_state();
    }

    /// Goes over to the other message, if there is one that was not tried.
    pub(super) fn switch(&mut self) -> bool {
        let possible = self.other_part_left;
        if possible {
            self.other_part_left = false;
            self.id_len = 0;
            self.forget_tries();
            self.part = match self.part {
                Part::Request => Part::Template,
                Part::Template => Part::Request,
            };
        }
        possible
    }

    /// The state must be stored; if not even the entry is, all of it.
    pub(super) fn changed_state(&mut self) {
        if self.change != Some(Change::Entry) {
            self.change = Some(Change::State);
        }
    }

    /// The report about an entry that ended like this.
    pub(super) fn report(&self, end: End) -> Ended {
        Ended {
            id: self.id,
            end,
            key: self.key(),
            recipient: E164::from(self.recipient),
            stands_for: self.stands_for,
            attempts: self.attempts,
            message_id: self.message_id(),
        }
    }

    /// Whether it is this entry that was handed out in this state.
    pub(super) fn is(&self, id: EntryId, state: State) -> bool {
        self.state == state && self.id == id
    }
}

/// Copies the bytes to the start of `room`, and says how many there are.
fn copy(room: &mut [u8], bytes: &[u8]) -> u16 {
    // Not `copy_from_slice`: where it is not inlined, its panic stays.
    for (to, from) in room.iter_mut().zip(bytes) {
        *to = *from;
    }
    u16::try_from(bytes.len()).unwrap_or_default()
}
