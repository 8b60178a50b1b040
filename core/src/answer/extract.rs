//! Picks the members that matter out of an answer's JSON.
//!
//! ```text
//!   Root ── status, message, retry_after
//!    ├── data ── the members of the endpoint's answer
//!    │    └── whatsapp_response ── messages ── [0] ── id
//!    └── errors ── a text, or per field a text or a list of texts
//! ```

use super::Captured;
use super::kinds::sealed::{Fields, Place};
use super::window::WindowWords;
use crate::json::reader::{Kind, Number, Tail, Visitor};
use crate::outcome::FieldErrors;

/// What was picked so far.
pub(super) struct Extract<A, const TEXT: usize, const ERRORS: usize> {
    pub(super) answer: A,
    pub(super) status: Status,
    pub(super) message: Option<Captured<TEXT>>,
    pub(super) errors: FieldErrors<TEXT, ERRORS>,
    pub(super) retry_after_s: Option<u32>,
    /// The answer is a refusal, so its texts may say that the 24-hour window is closed.
    pub(super) refused: bool,
    /// They do.
    pub(super) window_closed: bool,
    words: WindowWords,
    /// The innermost known container around the reader's place, and how deep the reader is.
    node: Node,
    depth: u8,
    /// Where the value goes that comes next or is being read.
    slot: Slot,
    /// `whatsapp_response.messages[0]` went by.
    first_seen: bool,
    /// The field that errors belong to.
    field: Captured<{ crate::json::reader::KEY_MAX }>,
    /// The word of `status`, or the digits of a `retry_after` that is a text.
    word: Captured<12>,
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
    ErrorList,
}

impl Node {
    /// How deep its members lie.
    const fn depth(self) -> u8 {
        match self {
            Self::Outside => 0,
            Self::Root => 1,
            Self::Data | Self::Errors => 2,
            Self::WhatsApp | Self::ErrorList => 3,
            Self::Messages => 4,
            Self::FirstMessage => 5,
        }
    }

    const fn parent(self) -> Self {
        match self {
            Self::Outside | Self::Root => Self::Outside,
            Self::Data | Self::Errors => Self::Root,
            Self::WhatsApp => Self::Data,
            Self::Messages => Self::WhatsApp,
            Self::FirstMessage => Self::Messages,
            Self::ErrorList => Self::Errors,
        }
    }
}

/// Where a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Nowhere,
    Status,
    Message,
    RetryAfter,
    Data,
    Errors,
    Error,
    Messages,
    Answer(Place),
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Extract<A, TEXT, ERRORS> {
    pub(super) fn new() -> Self {
        Self {
            answer: A::default(),
            status: Status::Missing,
            message: None,
            errors: FieldErrors::new(),
            retry_after_s: None,
            refused: false,
            window_closed: false,
            words: WindowWords::new(),
            node: Node::Outside,
            depth: 0,
            slot: Slot::Nowhere,
            first_seen: false,
            field: Captured::new(),
            word: Captured::new(),
        }
    }

    /// Looks a key up in the innermost known container. The last of several equal keys counts, so what an earlier one
    /// brought is forgotten.
    fn slot_of(&mut self, key: &[u8]) -> Slot {
        match (self.node, key) {
            (Node::Root, b"status") => {
                self.status = Status::Missing;
                Slot::Status
            }
            (Node::Root, b"message") => {
                self.message = None;
                Slot::Message
            }
            (Node::Root, b"retry_after") => {
                self.retry_after_s = None;
                Slot::RetryAfter
            }
            (Node::Root, b"data") => {
                self.answer.clear();
                Slot::Data
            }
            (Node::Root, b"errors") => {
                self.errors = FieldErrors::new();
                self.field = Captured::new();
                Slot::Errors
            }
            (Node::Data, _) => self.answer.place(key).map_or(Slot::Nowhere, Slot::Answer),
            (Node::WhatsApp, b"messages") => {
                self.first_seen = false;
                self.answer.forget_whatsapp_id();
                Slot::Messages
            }
            (Node::FirstMessage, b"id") => {
                self.answer.forget_whatsapp_id();
                Slot::Answer(Place::WhatsAppId)
            }
            (Node::Errors, _) => Slot::Error,
            _ => Slot::Nowhere,
        }
    }

    /// Where the value that begins goes.
    fn slot_of_value(&mut self) -> Slot {
        if self.depth != self.node.depth() {
            return Slot::Nowhere;
        }
        match self.node {
            Node::ErrorList => Slot::Error,
            _ => core::mem::replace(&mut self.slot, Slot::Nowhere),
        }
    }

    /// The container that such a value opens, if its members matter.
    fn node_of(&mut self, kind: Kind, slot: Slot) -> Option<Node> {
        match (kind, self.node, slot) {
            (Kind::Object, Node::Outside, _) if self.depth == 0 => Some(Node::Root),
            (Kind::Object, _, Slot::Data) => Some(Node::Data),
            (Kind::Object, _, Slot::Answer(Place::WhatsApp)) => Some(Node::WhatsApp),
            (Kind::Array, _, Slot::Messages) => Some(Node::Messages),
            (Kind::Object, Node::Messages, _)
                if self.depth == Node::Messages.depth() && !self.first_seen =>
            {
                Some(Node::FirstMessage)
            }
            (Kind::Object | Kind::Array, _, Slot::Errors) => Some(Node::Errors),
            (Kind::Array, Node::Errors, Slot::Error) => Some(Node::ErrorList),
            _ => None,
        }
    }

    fn look_for_window(&mut self, run: &[u8]) {
        if self.refused {
            self.window_closed |= self.words.push(run);
        }
    }

    fn retry_after(&mut self, number: Number) {
        if number.negative || number.tail == Tail::Exponent {
            return;
        }
        let seconds = number
            .integer
            .unwrap_or(u64::MAX)
            .saturating_add(u64::from(number.tail == Tail::Fraction));
        self.retry_after_s = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
    }
}

impl<A: Fields, const TEXT: usize, const ERRORS: usize> Visitor for Extract<A, TEXT, ERRORS> {
    fn key(&mut self, key: &[u8], whole: bool) {
        self.slot = Slot::Nowhere;
        if self.depth != self.node.depth() {
            return;
        }
        if whole || self.node == Node::Errors {
            self.slot = self.slot_of(key);
        }
        if self.slot == Slot::Error {
            self.field = Captured::new();
            self.field.push(key);
        }
    }

    fn begin(&mut self, kind: Kind) -> bool {
        let mut slot = self.slot_of_value();
        if kind == Kind::Text && self.node == Node::Errors && self.depth == Node::Errors.depth() {
            slot = Slot::Error; // `errors` may be a list of texts
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            let node = self.node_of(kind, slot);
            if self.node == Node::Messages && self.depth == Node::Messages.depth() {
                self.first_seen = true;
            }
            self.depth = self.depth.wrapping_add(1);
            self.node = node.unwrap_or(self.node);
            return false;
        }
        if self.node == Node::Messages && self.depth == Node::Messages.depth() {
            self.first_seen = true;
        }
        self.slot = if kind == Kind::Null {
            Slot::Nowhere
        } else {
            slot
        };
        if kind != Kind::Text {
            return false;
        }
        self.words = WindowWords::new();
        match slot {
            Slot::Status | Slot::RetryAfter => self.word = Captured::new(),
            Slot::Message => self.message = Some(Captured::new()),
            Slot::Errors | Slot::Error => self.errors.begin(&self.field),
            Slot::Answer(place @ (Place::Text(_) | Place::ErrorText(_) | Place::WhatsAppId)) => {
                self.answer.text(place, &[]);
            }
            _ => return false,
        }
        true
    }

    fn text(&mut self, run: &[u8]) {
        match self.slot {
            Slot::Status | Slot::RetryAfter => self.word.push(run),
            Slot::Message => {
                self.look_for_window(run);
                if let Some(message) = &mut self.message {
                    message.push(run);
                }
            }
            Slot::Errors | Slot::Error => {
                self.look_for_window(run);
                self.errors.push(run);
            }
            Slot::Answer(place) => {
                self.answer.text(place, run);
                if matches!(place, Place::ErrorText(_)) && self.words.push(run) {
                    self.answer.boolean(place, true);
                }
            }
            _ => {}
        }
    }

    fn text_end(&mut self) {
        match core::mem::replace(&mut self.slot, Slot::Nowhere) {
            Slot::Status => {
                self.status = match self.word.as_bytes() {
                    b"success" => Status::Success,
                    b"error" => Status::Error,
                    _ => Status::Other,
                }
            }
            Slot::RetryAfter if !self.word.is_cut() => {
                self.retry_after_s = self.word.as_str().trim_ascii().parse().ok();
            }
            _ => {}
        }
    }

    fn number(&mut self, number: Number) {
        match (
            core::mem::replace(&mut self.slot, Slot::Nowhere),
            number.as_u64(),
        ) {
            (Slot::RetryAfter, _) => self.retry_after(number),
            (Slot::Answer(place @ Place::Number(_)), Some(value)) => {
                self.answer.number(place, value);
            }
            (Slot::Status, _) => self.status = Status::Other,
            _ => {}
        }
    }

    fn boolean(&mut self, value: bool) {
        match core::mem::replace(&mut self.slot, Slot::Nowhere) {
            Slot::Answer(place @ Place::Boolean(_)) => self.answer.boolean(place, value),
            Slot::Status => self.status = Status::Other,
            _ => {}
        }
    }

    fn end(&mut self) {
        if self.depth == self.node.depth() {
            self.node = self.node.parent();
        }
        self.depth = self.depth.wrapping_sub(1);
        self.slot = Slot::Nowhere;
    }
}
