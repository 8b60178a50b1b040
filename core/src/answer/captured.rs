//! A value that was kept of an answer.

use core::fmt::{self, Write};
use core::str;

use crate::bytes::copy;
use crate::json::reader::Kind;

/// At most `N` bytes of a text, of 65,534 at most. What did not fit is gone, cut between two characters, and [`is_cut`](Self::is_cut)
/// says so.
#[derive(Clone, Copy)]
pub struct Captured<const N: usize>(Capture<[u8; N]>);

/// A [`Captured`] of any capacity, so that all of them are filled by the same code.
///
/// A number is kept as it is written; what is asked for is made of it when somebody asks.
#[derive(Clone, Copy)]
#[repr(align(4))] // Copied by the word.
pub struct Capture<B: ?Sized> {
    /// Of the whole value, whether it fits or not.
    len: u16,
    kind: Kind,
    /// Any of [`TELLS_OF_WINDOW`] and [`CUT_BEFORE`].
    marks: u8,
    /// UTF-8; while a text is arriving its last character may be incomplete. What stands behind `len` means nothing.
    bytes: B,
}

/// It is a text that says that the 24-hour window is closed.
const TELLS_OF_WINDOW: u8 = 1;
/// It was cut before it came here.
const CUT_BEFORE: u8 = 2;

impl Capture<[u8]> {
    /// Forgets what was kept, and makes room for such a value.
    pub(crate) fn begin(&mut self, kind: Kind) {
        self.len = 0;
        self.kind = kind;
        self.marks = 0;
    }

    /// Appends what fits. A cut may go through a character; `as_str` leaves its first half out.
    pub(crate) fn push(&mut self, run: &[u8]) {
        let len = usize::from(self.len);
        copy(self.bytes.get_mut(len..).unwrap_or_default(), run);
        self.len = u16::try_from(len.saturating_add(run.len())).unwrap_or(u16::MAX);
    }

    /// What was kept, with the half of a character that a cut may have left at its end.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        let whole = self.bytes.get(..usize::from(self.len));
        whole.unwrap_or(&self.bytes)
    }

    /// Keeps what fits of what another one keeps.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.begin(other.kind);
        let whole = other.bytes.get(..usize::from(other.len));
        self.push(whole.unwrap_or(&other.bytes));
        self.marks = if whole.is_none() {
            CUT_BEFORE
        } else {
            other.marks & CUT_BEFORE
        };
    }

    /// Whether more came than there is room for.
    pub(crate) fn overflows(&self) -> bool {
        usize::from(self.len) > self.bytes.len()
    }

    /// Notes that it is a text that says that the 24-hour window is closed.
    pub(crate) fn mark_window(&mut self) {
        self.marks |= TELLS_OF_WINDOW;
    }
}

impl<const N: usize> Captured<N> {
    /// What fits, and can be counted.
    const CAPACITY_FITS: () = assert!(N < 0xFFFF, "a captured text has at most 65,534 bytes");

    /// No value.
    pub(crate) const fn new() -> Self {
        let () = Self::CAPACITY_FITS;
        Self(Capture {
            len: 0,
            kind: Kind::Null,
            marks: 0,
            bytes: [0; N],
        })
    }

    /// Makes one from a text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut captured = Self::new();
        captured.any().begin(Kind::Text);
        captured.push(text.as_bytes());
        captured
    }

    /// Forgets what was kept.
    pub(crate) fn clear(&mut self) {
        self.any().begin(Kind::Null);
    }

    pub(crate) fn push(&mut self, run: &[u8]) {
        self.any().push(run);
    }

    /// The same, whatever its capacity.
    pub(crate) fn any(&mut self) -> &mut Capture<[u8]> {
        &mut self.0
    }

    /// Itself, where a text is what was kept.
    pub(crate) fn text(&self) -> Option<&Self> {
        (self.0.kind == Kind::Text).then_some(self)
    }

    /// The number that was kept, where it is written as a plain whole one.
    pub(crate) fn number(&self) -> Option<u64> {
        if self.0.kind == Kind::Number && !self.is_cut() {
            return self.as_str().parse().ok();
        }
        None
    }

    /// The truth value that was kept.
    pub(crate) const fn boolean(&self) -> Option<bool> {
        match self.0.kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// Whether it is a text that says that the 24-hour window is closed.
    pub(crate) const fn tells_of_window(&self) -> bool {
        self.0.marks & TELLS_OF_WINDOW != 0
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.as_bytes();
        match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                str::from_utf8(whole).unwrap_or_default()
            }
        }
    }

    /// Whether the answer's text was longer than this one.
    #[must_use]
    #[allow(clippy::as_conversions)] // `from` is not const.
    pub const fn is_cut(&self) -> bool {
        self.0.len as usize > N || self.0.marks & CUT_BEFORE != 0
    }

    /// What was kept of a value that is no text, as it is written, and of a text its characters.
    fn as_json(&self) -> &str {
        match self.0.kind {
            Kind::Null => "null",
            Kind::False => "false",
            Kind::True => "true",
            Kind::Number | Kind::Text => self.as_str(),
        }
    }

    /// What was kept, with the half of a character that a cut may have left at its end.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        let capture: &Capture<[u8]> = &self.0;
        capture.as_bytes()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len == 0
    }
}

/// An empty text.
impl<const N: usize> Default for Captured<N> {
    fn default() -> Self {
        Self::from_text("")
    }
}

impl<const N: usize> PartialEq for Captured<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind
            && self.as_bytes() == other.as_bytes()
            && self.is_cut() == other.is_cut()
    }
}

impl<const N: usize> Eq for Captured<N> {}

impl<const N: usize> fmt::Display for Captured<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A server's text must not end a log's line or steer a terminal.
        for character in self.as_str().chars() {
            if is_unprintable(character) {
                write!(f, "{}", character.escape_unicode())?;
            } else {
                f.write_char(character)?;
            }
        }
        if self.is_cut() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

/// Whether a character of a server's text could end a log's line or steer a terminal: control characters, line
/// separators, and what reverses the direction of a line.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl<const N: usize> fmt::Debug for Captured<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.kind == Kind::Text {
            write!(f, "{:?}", self.as_str())?;
        } else {
            f.write_str(self.as_json())?;
        }
        if self.is_cut() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Captured<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let mark = if self.is_cut() { "…" } else { "" };
        if self.as_str().chars().any(is_unprintable) {
            // As escaped bytes: a server's text must not forge a line of the log.
            defmt::write!(f, "{=[u8]:a}{=str}", self.as_str().as_bytes(), mark);
        } else {
            defmt::write!(f, "{=str}{=str}", self.as_json(), mark);
        }
    }
}

/// The text, and `…` behind it where it was cut.
#[cfg(feature = "serde")]
impl<const N: usize> serde::Serialize for Captured<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_cut() {
            return serializer.collect_str(&format_args!("{}…", self.as_str()));
        }
        serializer.serialize_str(self.as_str())
    }
}
