//! Picks the members that matter out of an answer's JSON.
//!
//! ```text
//!   Root ── status, message, retry_after
//!    ├── data ── the members of the endpoint's answer
//!    │    └── whatsapp_response ── messages ── [0] ── id
//!    └── errors ── a text, or a list of texts, or per field a text or a list of texts
//! ```
//!
//! Every value that matters has a [`Place`], and what is kept of it a slot, which is found by the place: beginning,
//! filling and forgetting are the same for all of them.

use core::mem;

use super::captured::{Capture, Captured};
use super::kinds::sealed::{Fields, Member, Place};
use super::wait::WAIT_MAX;
use super::window::{WindowWords, tells_of_window};
use crate::bytes::is_same;
use crate::json::reader::{Container, KEY_MAX, Kind, Reader, Visitor};
use crate::outcome::{FieldErrors, Reason, Rejection};

/// Where the reader is, and what was picked that is the same for all kinds of answers.
#[repr(C)] // What is small comes first: behind the texts it would take longer instructions to reach.
pub(super) struct Extract {
    /// The innermost container around the reader's place of which something matters; nowhere outside of them all.
    node: Place,
    /// How many unknown containers lie between that and the reader's place.
    unknown: u8,
    /// Where the value goes that comes next.
    place: Place,
    /// Where the characters go of the value that is being read.
    target: Place,
    /// There was a `data` before.
    data_seen: bool,
    /// One of the errors says that the 24-hour window is closed, whether there was room for it or not.
    pub(super) errors_tell: bool,
    words: WindowWords,
}

/// What is kept of an answer, besides.
#[repr(C)] // What is small comes first: behind the errors it would take longer instructions to reach.
pub(super) struct Kept<A, const TEXT: usize, const ERRORS: usize> {
    /// The word of `status`.
    status: Captured<8>,
    pub(super) retry_after: Captured<WAIT_MAX>,
    /// The field that errors belong to.
    field: Captured<KEY_MAX>,
    /// What it is if it is an answer, and what it is if it is a refusal: nobody knows before the end.
    pub(super) answer: A,
    pub(super) rejection: Rejection<TEXT, ERRORS>,
}

/// The value of the outermost `status`, where it is one of the two that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Missing,
    Success,
    Error,
}

impl Status {
    fn of(word: &[u8]) -> Self {
        if is_same(word, b"success") {
            Self::Success
        } else if is_same(word, b"error") {
            Self::Error
        } else {
            Self::Missing
        }
    }
}

/// The members of the outermost object.
const ENVELOPE: &[Member] = &[
    Member("status", Place::Status),
    Member("message", Place::Message),
    Member("data", Place::Data),
    Member("errors", Place::Errors),
    Member("retry_after", Place::RetryAfter),
];

/// Of WhatsApp's own answer.
const WHATSAPP: &[Member] = &[Member("messages", Place::Messages)];
/// Of the first of its messages.
const FIRST_MESSAGE: &[Member] = &[Member("id", Place::WhatsAppId)];

impl Extract {
    pub(super) const fn new() -> Self {
        Self {
            errors_tell: false,
            words: WindowWords::new(),
            node: Place::Nowhere,
            unknown: 0,
            place: Place::Root,
            target: Place::Nowhere,
            data_seen: false,
        }
    }

    /// Whether the answer broke off in the wait that it asks for.
    pub(super) fn is_in_wait(&self, json: &Reader) -> bool {
        self.target == Place::RetryAfter && !json.is_past_value()
    }
}

/// What [`Picker`] asks of [`Kept`], whatever its type.
pub(super) trait Slots {
    /// Where the value for a place is kept: one that `begins`, or one of which more comes; so many `bytes` of it are at
    /// hand. What has members has no slot; when one of those that are kept begins, what an earlier one brought is forgotten.
    fn slot(&mut self, place: Place, begins: bool, bytes: usize) -> Option<&mut Capture<[u8]>>;
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Kept<A, TEXT, ERRORS> {
    pub(super) const fn new() -> Self {
        Self {
            status: Captured::new(),
            retry_after: Captured::new(),
            answer: A::EMPTY,
            // Written out here: made elsewhere it would be made on the stack first, and copied.
            rejection: Rejection {
                reason: Reason::ApiError,
                status: 0,
                message: Captured::new(),
                errors: FieldErrors::new(),
                retry_after_s: None,
            },
            field: Captured::new(),
        }
    }
}

impl<A, const TEXT: usize, const ERRORS: usize> Kept<A, TEXT, ERRORS> {
    /// HTTP's own status.
    pub(super) const fn http_status(&self) -> Option<u16> {
        match self.rejection.status {
            0 => None,
            status => Some(status),
        }
    }

    /// What the outermost `status` says.
    pub(super) fn status(&self) -> Status {
        Status::of(self.status.as_bytes())
    }
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Slots for Kept<A, TEXT, ERRORS> {
    fn slot(&mut self, place: Place, begins: bool, bytes: usize) -> Option<&mut Capture<[u8]>> {
        if place.is_of_answer() {
            return self.answer.slot(place, bytes);
        }
        match place {
            Place::Message => Some(self.rejection.message.any()),
            Place::Data => {
                self.answer = A::EMPTY;
                None
            }
            Place::Errors => {
                self.rejection.errors.clear();
                self.field.any().begin(Kind::Text);
                None
            }
            Place::Status => Some(self.status.any()),
            Place::RetryAfter => Some(self.retry_after.any()),
            Place::Field => Some(self.field.any()),
            Place::Error => self.rejection.errors.slot(self.field.any(), begins),
            _ => None,
        }
    }
}

/// Takes what the reader meets; the same code for all kinds of answers.
pub(super) struct Picker<'a> {
    pub(super) extract: &'a mut Extract,
    pub(super) kept: &'a mut dyn Slots,
    /// The members of `data`.
    pub(super) members: &'static [Member],
}

impl Visitor for Picker<'_> {
    fn key(&mut self, key: &[u8]) {
        if self.extract.unknown > 0 {
            return;
        }
        let members = match self.extract.node {
            Place::Root => ENVELOPE,
            Place::Data => self.members,
            Place::WhatsApp => WHATSAPP,
            Place::FirstMessage => FIRST_MESSAGE,
            Place::Errors => {
                if let Some(field) = self.kept.slot(Place::Field, false, 0) {
                    field.begin(Kind::Text);
                    field.push(key);
                }
                self.extract.place = Place::Error;
                return;
            }
            _ => return,
        };
        self.extract.place = Member::find(members, key);
    }

    fn open(&mut self, container: Container) {
        let place = self.extract.place;
        self.begin(Kind::Null, &[]);
        let extract = &mut *self.extract;
        let is_object = container == Container::Object;
        (extract.node, extract.place) = match place {
            // As an array these have no members, so nothing in it is found.
            Place::Root | Place::Data | Place::WhatsApp | Place::FirstMessage => {
                (place, Place::Nowhere)
            }
            Place::Messages if !is_object => (place, Place::FirstMessage),
            Place::Errors if is_object => (place, Place::Nowhere),
            Place::Errors => (Place::ErrorList, Place::Error),
            Place::Error if !is_object && extract.node == Place::Errors => {
                (Place::FieldErrorList, Place::Error)
            }
            _ => {
                extract.unknown = extract.unknown.wrapping_add(1);
                (extract.node, Place::Nowhere)
            }
        };
    }

    fn close(&mut self) {
        let extract = &mut *self.extract;
        if extract.unknown > 0 {
            extract.unknown = extract.unknown.wrapping_sub(1);
            extract.place = match extract.node {
                // Whatever stands between them, its texts are errors.
                Place::ErrorList | Place::FieldErrorList if extract.unknown == 0 => Place::Error,
                _ => Place::Nowhere,
            };
        } else {
            extract.node = match extract.node {
                Place::Data | Place::Errors | Place::ErrorList => Place::Root,
                Place::WhatsApp => Place::Data,
                Place::Messages => Place::WhatsApp,
                Place::FirstMessage => Place::Messages,
                Place::FieldErrorList => Place::Errors,
                _ => Place::Nowhere,
            };
            extract.place = Place::Nowhere;
        }
    }

    fn begin(&mut self, kind: Kind, run: &[u8]) {
        let mut place = self.extract.place;
        if !place.takes(kind) {
            place = self.pass(place, kind);
        }
        self.extract.target = place;
        if place == Place::Nowhere {
            return;
        }
        let slot = self.kept.slot(place, true, run.len());
        let is_kept = slot.is_some_and(|slot| {
            slot.begin(kind);
            slot.push(run);
            !slot.overflows()
        });
        if place.is_searched() {
            self.extract.words.clear();
            // A message that is kept whole waits until the answer is known to be a refusal.
            let waits = is_kept && place == Place::Message;
            if !waits && tells_of_window(run) {
                self.note_window(place);
            }
        }
    }

    fn wants_text(&self) -> bool {
        self.extract.target != Place::Nowhere
    }

    fn push(&mut self, run: &[u8]) {
        let place = self.extract.target;
        if let Some(slot) = self.kept.slot(place, false, run.len()) {
            slot.push(run);
        }
        if place.is_searched() && self.extract.words.push(run) {
            self.note_window(place);
        }
    }
}

impl Picker<'_> {
    /// A value begins that its place does not take; the place that does, if there is one. The last of several equal keys
    /// counts, so what an earlier one brought is forgotten.
    fn pass(&mut self, place: Place, kind: Kind) -> Place {
        match place {
            Place::Nowhere | Place::Error => return Place::Nowhere,
            Place::FirstMessage => self.extract.place = Place::Nowhere, // only the first of them counts
            Place::Data if !mem::replace(&mut self.extract.data_seen, true) => {
                return Place::Nowhere;
            }
            Place::Errors => self.extract.errors_tell = false,
            _ => {}
        }
        if let Some(slot) = self.kept.slot(place, true, 0) {
            slot.begin(kind);
        }
        match (place, kind) {
            (Place::Errors, Kind::Text) => Place::Error,
            _ => Place::Nowhere,
        }
    }

    /// A text tells of the closed window.
    fn note_window(&mut self, place: Place) {
        if place == Place::Error {
            self.extract.errors_tell = true;
        } else if let Some(slot) = self.kept.slot(place, false, 0) {
            slot.mark_window();
        }
    }
}

/// Whether this is one JSON document, and nothing else.
///
/// It is read like an answer of which nothing is kept, so that the reader's code is there only once.
pub(crate) fn is_json(document: &[u8]) -> bool {
    let mut reader = Reader::new();
    let mut picker = Picker {
        extract: &mut Extract::new(),
        kept: &mut Nothing,
        members: &[],
    };
    reader.feed(document, &mut picker).is_ok() && reader.is_whole()
}

/// Keeps nothing.
struct Nothing;

impl Slots for Nothing {
    fn slot(&mut self, _: Place, _: bool, _: usize) -> Option<&mut Capture<[u8]>> {
        None
    }
}
