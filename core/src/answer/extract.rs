//! Picks the members that matter out of an answer's JSON.
//!
//! ```text
//!   Root ── status, message, retry_after
//!    ├── data ── the members of the endpoint's answer
//!    │    └── whatsapp_response ── messages ── [0] ── id
//!    └── errors ── a text, or a list of texts, or per field a text or a list of texts
//! ```

use super::captured::{Capture, Captured};
use super::kinds::sealed::{Fields, Member, Place, Value};
use super::window::WindowWords;
use crate::json::reader::{Container, KEY_MAX, Number, Part, Tail, Visitor};
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
    /// There was a `data` before.
    data_seen: bool,
    /// The word of `status`, or the digits of a `retry_after` that is a text.
    word: Captured<12>,
}

/// What is kept of an answer, besides.
pub(super) struct Kept<A, const TEXT: usize, const ERRORS: usize> {
    pub(super) answer: A,
    pub(super) message: Option<Captured<TEXT>>,
    pub(super) errors: FieldErrors<TEXT, ERRORS>,
    /// The field that errors belong to.
    field: Option<Captured<KEY_MAX>>,
}

/// The value of the outermost `status`, where it is one of the two that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Missing,
    Success,
    Error,
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

/// Of WhatsApp's own answer.
const WHATSAPP: &[Member] = &[Member("messages", Place::Messages)];
/// Of the first of its messages.
const FIRST_MESSAGE: &[Member] = &[Member("id", Place::WhatsAppId)];

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
            data_seen: false,
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

    /// Takes the word of `status`, or the digits of `retry_after`.
    #[inline(never)] // Most texts are others.
    fn word(&mut self, run: &[u8], part: Part) {
        if part.begins {
            self.word.clear();
        }
        self.word.push(run);
        if !part.ends {
            return;
        }
        let word = self.word.as_bytes();
        if self.place == Place::Status {
            self.status = match word {
                b"success" => Status::Success,
                b"error" => Status::Error,
                _ => Status::Missing,
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
fn whole_seconds(number: &Number) -> Option<u32> {
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
    /// The field that the next errors belong to.
    fn error_field(&mut self, name: &[u8]);
    /// Where the text for a place goes, and this part of it.
    fn text(&mut self, place: Place, run: &[u8], begins: bool) -> Option<&mut Capture<[u8]>>;
    /// Any other value for a place.
    fn set(&mut self, place: Place, value: Value);
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Kept<A, TEXT, ERRORS> {
    pub(super) fn new() -> Self {
        Self {
            answer: A::default(),
            message: None,
            errors: FieldErrors::new(),
            field: None,
        }
    }

    /// Another `data` came.
    #[inline(never)]
    fn forget_answer(&mut self) {
        for Member(_, place) in A::MEMBERS {
            self.answer.set(*place, Value::Nothing);
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
    fn error_field(&mut self, name: &[u8]) {
        self.field = Some(Captured::from_bytes(name));
    }

    fn text(&mut self, place: Place, run: &[u8], begins: bool) -> Option<&mut Capture<[u8]>> {
        match place {
            Place::Message => Some(Captured::part(&mut self.message, begins)),
            Place::Error | Place::Errors => self.errors.text(self.field.as_ref(), begins),
            _ => self.answer.text(place, run, begins),
        }
    }

    fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::Message => self.message = None,
            Place::Errors => {
                self.errors.clear();
                self.field = None;
            }
            Place::Data => self.forget_answer(),
            _ => self.answer.set(place, value),
        }
    }
}

/// Takes what the reader meets; the same code for all kinds of answers.
pub(super) struct Picker<'a> {
    pub(super) extract: &'a mut Extract,
    pub(super) kept: &'a mut dyn Keep,
    /// The members of `data`.
    pub(super) members: &'static [Member],
}

impl Visitor for Picker<'_> {
    fn key(&mut self, key: &[u8], whole: bool) {
        let extract = &mut *self.extract;
        if extract.unknown > 0 {
            return;
        }
        let members = match extract.node {
            Node::Root => ENVELOPE,
            Node::Data => self.members,
            Node::WhatsApp => WHATSAPP,
            Node::FirstMessage => FIRST_MESSAGE,
            Node::Errors => {
                self.kept.error_field(key);
                extract.place = Place::Error;
                return;
            }
            _ => return,
        };
        extract.place = if whole {
            Member::find(members, key)
        } else {
            Place::Nowhere
        };
    }

    fn open(&mut self, container: Container) {
        let place = self.extract.place_of_value();
        if place != Place::Data || self.extract.data_seen {
            self.set(place, Value::Nothing);
        }
        let extract = &mut *self.extract;
        let (node, first) = match (container, place) {
            _ if extract.unknown > 0 => (Node::Outside, Place::Nowhere),
            (Container::Object, _) if extract.node == Node::Outside => (Node::Root, Place::Nowhere),
            (Container::Object, Place::Data) => {
                extract.data_seen = true;
                (Node::Data, Place::Nowhere)
            }
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

    fn text(&mut self, run: &[u8], part: Part) -> bool {
        let extract = &mut *self.extract;
        let place = if part.begins {
            extract.words = WindowWords::new();
            extract.place_of_value()
        } else {
            extract.place
        };
        match place {
            Place::Nowhere => return false,
            Place::Status | Place::RetryAfter => {
                extract.word(run, part);
                return true;
            }
            Place::Message | Place::Error | Place::Errors if extract.refused => {
                extract.window_closed |= extract.words.push(run);
            }
            _ => {}
        }
        if part.begins && (place == Place::Errors || !place.takes_text()) {
            self.kept.set(place, Value::Nothing);
        }
        if let Some(kept) = self.kept.text(place, run, part.begins) {
            kept.push(run);
        }
        if place == Place::ErrorMessage && extract.words.push(run) {
            self.kept.set(Place::WindowClosed, Value::Boolean(true));
        }
        place.takes_text()
    }

    fn number(&mut self, number: &Number) {
        match self.extract.place_of_value() {
            Place::RetryAfter => self.extract.retry_after_s = whole_seconds(number),
            place => self.set(place, number.as_u64().map_or(Value::Nothing, Value::Number)),
        }
    }

    fn word(&mut self, value: Option<bool>) {
        let place = self.extract.place_of_value();
        self.set(place, value.map_or(Value::Nothing, Value::Boolean));
    }
}

impl Picker<'_> {
    /// A value that is not a text, for this place. The last of several equal keys counts, so what an earlier one brought
    /// is forgotten even where this one is of no use.
    fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::Nowhere => {}
            Place::Status => self.extract.status = Status::Missing,
            Place::RetryAfter => self.extract.retry_after_s = None,
            _ => self.kept.set(place, value),
        }
    }
}
