//! Picks the members that matter out of an answer's JSON.
//!
//! ```text
//!   Root ── status, message, retry_after
//!    ├── data ── the members of the endpoint's answer
//!    │    └── whatsapp_response ── messages ── [0] ── id
//!    └── errors ── a text, or a list of texts, or per field a text or a list of texts
//! ```

use super::Captured;
use super::kinds::sealed::{Fields, Member, Place};
use super::window::WindowWords;
use crate::json::reader::{Container, KEY_MAX, Number, Scalar, Tail, Visitor};
use crate::outcome::FieldErrors;

/// Where the reader is, and what was picked that is the same for all kinds of answers.
pub(super) struct Extract {
    pub(super) status: Status,
    pub(super) retry_after_s: Option<u32>,
    /// The answer is a refusal, so its texts may say that the 24-hour window is closed.
    pub(super) refused: bool,
    /// They do.
    pub(super) window_closed: bool,
    words: WindowWords,
    /// The innermost known container around the reader's place.
    node: Node,
    /// How many unknown containers lie between that and the reader's place.
    unknown: u8,
    /// Where the value goes that comes next or is being read.
    place: Place,
    /// The field that errors belong to.
    field: Captured<KEY_MAX>,
    /// The word of `status`, or the digits of a `retry_after` that is a text.
    word: Captured<12>,
}

/// What is kept of an answer, besides.
pub(super) struct Kept<A, const TEXT: usize, const ERRORS: usize> {
    pub(super) answer: A,
    pub(super) message: Option<Captured<TEXT>>,
    pub(super) errors: FieldErrors<TEXT, ERRORS>,
}

/// The value of the outermost `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Missing,
    Success,
    Error,
    Other,
}

/// A container whose members matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Outside,
    Root,
    Data,
    WhatsApp,
    Messages,
    FirstMessage,
    Errors,
    /// `errors` itself is a list.
    ErrorList,
    /// One field's errors are a list.
    FieldErrorList,
}

impl Node {
    const fn parent(self) -> Self {
        match self {
            Self::Outside | Self::Root => Self::Outside,
            Self::Data | Self::Errors | Self::ErrorList => Self::Root,
            Self::WhatsApp => Self::Data,
            Self::Messages => Self::WhatsApp,
            Self::FirstMessage => Self::Messages,
            Self::FieldErrorList => Self::Errors,
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

impl Extract {
    pub(super) const fn new() -> Self {
        Self {
            status: Status::Missing,
            retry_after_s: None,
            refused: false,
            window_closed: false,
            words: WindowWords::new(),
            node: Node::Outside,
            unknown: 0,
            place: Place::Nowhere,
            field: Captured::new(),
            word: Captured::new(),
        }
    }

    /// The place of the value that begins.
    fn place_of_value(&mut self) -> Place {
        if self.unknown > 0 {
            return Place::Nowhere;
        }
        let place = self.place;
        if self.node == Node::Messages {
            self.place = Place::Nowhere; // only the first of them counts
        }
        place
    }

    fn look_for_window(&mut self, run: &[u8]) {
        if self.refused {
            self.window_closed |= self.words.push(run);
        }
    }

    fn word_ended(&mut self) {
        let word = self.word.as_bytes();
        if self.place == Place::Status {
            self.status = match word {
                b"success" => Status::Success,
                b"error" => Status::Error,
                _ => Status::Other,
            };
        } else if !self.word.is_cut() {
            self.retry_after_s = seconds(word);
        }
    }
}

/// Seconds in decimal digits.
pub(super) fn seconds(text: &[u8]) -> Option<u32> {
    let digits = text.trim_ascii();
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |seconds, byte| {
        let digit = byte.wrapping_sub(b'0');
        let seconds = seconds.checked_mul(10)?.checked_add(digit.into())?;
        (digit < 10).then_some(seconds)
    })
}

/// Seconds as a number: a fraction is rounded up, and what is too long is the longest.
fn whole_seconds(number: Number) -> Option<u32> {
    if number.negative || number.tail == Tail::Exponent {
        return None;
    }
    let seconds = number
        .integer
        .unwrap_or(u64::MAX)
        .saturating_add(u64::from(number.tail == Tail::Fraction));
    Some(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// What [`Picker`] asks of [`Kept`], whatever its type.
pub(super) trait Keep {
    /// The members of `data`.
    fn members(&self) -> &'static [Member];
    /// Forgets what stands at this place: the last of several equal keys counts.
    fn forget(&mut self, place: Place);
    /// More of the text for a place; once at its beginning with nothing.
    fn text(&mut self, place: Place, run: &[u8]);
    /// A text for this field's errors begins.
    fn error_begins(&mut self, field: &Captured<KEY_MAX>);
    /// The whole number for a place.
    fn number(&mut self, place: Place, value: u64);
    /// The boolean for a place.
    fn boolean(&mut self, place: Place, value: bool);
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Kept<A, TEXT, ERRORS> {
    pub(super) fn new() -> Self {
        Self {
            answer: A::default(),
            message: None,
            errors: FieldErrors::new(),
        }
    }

    /// Whether the texts that were kept say that the 24-hour window is closed.
    pub(super) fn mention_window(&self) -> bool {
        self.message
            .iter()
            .chain(self.errors.iter().map(|error| &error.message))
            .any(|text| WindowWords::new().push(text.as_bytes()))
    }
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Keep for Kept<A, TEXT, ERRORS> {
    fn members(&self) -> &'static [Member] {
        A::MEMBERS
    }

    fn forget(&mut self, place: Place) {
        match place {
            Place::Message => self.message = None,
            Place::Errors => self.errors = FieldErrors::new(),
            Place::Data => {
                for Member(_, place) in A::MEMBERS {
                    self.answer.forget(*place);
                }
            }
            _ => self.answer.forget(place),
        }
    }

    fn text(&mut self, place: Place, run: &[u8]) {
        match place {
            Place::Message => self.message.get_or_insert_default().push(run),
            Place::Error | Place::Errors => self.errors.push(run),
            _ => self.answer.text(place, run),
        }
    }

    fn error_begins(&mut self, field: &Captured<KEY_MAX>) {
        self.errors.begin(field);
    }

    fn number(&mut self, place: Place, value: u64) {
        self.answer.number(place, value);
    }

    fn boolean(&mut self, place: Place, value: bool) {
        self.answer.boolean(place, value);
    }
}

/// Takes what the reader meets; the same code for all kinds of answers.
pub(super) struct Picker<'a> {
    pub(super) extract: &'a mut Extract,
    pub(super) kept: &'a mut dyn Keep,
}

impl Visitor for Picker<'_> {
    fn key(&mut self, key: &[u8], whole: bool) {
        if self.extract.unknown > 0 {
            return;
        }
        let members = match self.extract.node {
            Node::Root => ENVELOPE,
            Node::Data => self.kept.members(),
            Node::WhatsApp => &[Member("messages", Place::Messages)],
            Node::FirstMessage => &[Member("id", Place::WhatsAppId)],
            Node::Errors => {
                self.extract.field.clear();
                self.extract.field.push(key);
                self.extract.place = Place::Error;
                return;
            }
            _ => return,
        };
        let place = if whole {
            Member::find(members, key)
        } else {
            Place::Nowhere
        };
        self.extract.place = place;
        match place {
            Place::Nowhere => {}
            Place::Status => self.extract.status = Status::Missing,
            Place::RetryAfter => self.extract.retry_after_s = None,
            _ => {
                self.extract.field.clear();
                self.kept.forget(place);
            }
        }
    }

    fn open(&mut self, container: Container) {
        let extract = &mut *self.extract;
        let place = extract.place_of_value();
        let (node, first) = match (container, place) {
            _ if extract.unknown > 0 => (Node::Outside, Place::Nowhere),
            (Container::Object, _) if extract.node == Node::Outside => (Node::Root, Place::Nowhere),
            (Container::Object, Place::Data) => (Node::Data, Place::Nowhere),
            (Container::Object, Place::WhatsApp) => (Node::WhatsApp, Place::Nowhere),
            (Container::Array, Place::Messages) => (Node::Messages, Place::FirstMessage),
            (Container::Object, Place::FirstMessage) => (Node::FirstMessage, Place::Nowhere),
            (Container::Object, Place::Errors) => (Node::Errors, Place::Nowhere),
            (Container::Array, Place::Errors) => (Node::ErrorList, Place::Error),
            (Container::Array, Place::Error) if extract.node == Node::Errors => {
                (Node::FieldErrorList, Place::Error)
            }
            _ => (Node::Outside, Place::Nowhere),
        };
        if node == Node::Outside {
            extract.unknown = extract.unknown.wrapping_add(1);
        } else {
            extract.node = node;
            extract.place = first;
        }
    }

    fn close(&mut self) {
        let extract = &mut *self.extract;
        if extract.unknown > 0 {
            extract.unknown = extract.unknown.wrapping_sub(1);
        } else {
            extract.node = extract.node.parent();
            extract.place = Place::Nowhere;
        }
    }

    fn text_begins(&mut self) -> bool {
        let place = self.extract.place_of_value();
        if !place.takes_text() {
            return false;
        }
        self.extract.words = WindowWords::new();
        match place {
            Place::Status | Place::RetryAfter => self.extract.word.clear(),
            Place::Error | Place::Errors => self.kept.error_begins(&self.extract.field),
            _ => self.kept.text(place, &[]),
        }
        true
    }

    fn text(&mut self, run: &[u8], ended: bool) {
        let place = self.extract.place;
        match place {
            Place::Status | Place::RetryAfter => {
                self.extract.word.push(run);
                if ended {
                    self.extract.word_ended();
                }
                return;
            }
            Place::Message | Place::Error | Place::Errors => self.extract.look_for_window(run),
            Place::ErrorMessage if self.extract.words.push(run) => {
                self.kept.boolean(place, true);
            }
            _ => {}
        }
        self.kept.text(place, run);
    }

    fn scalar(&mut self, value: Scalar) {
        match (self.extract.place_of_value(), value) {
            (Place::Nowhere, _) | (_, Scalar::Null) => {}
            (Place::Status, _) => self.extract.status = Status::Other,
            (Place::RetryAfter, Scalar::Number(number)) => {
                self.extract.retry_after_s = whole_seconds(number);
            }
            (place, Scalar::Number(number)) => {
                if let Some(value) = number.as_u64() {
                    self.kept.number(place, value);
                }
            }
            (place, Scalar::Boolean(value)) => self.kept.boolean(place, value),
        }
    }
}
