//! A text that was kept of an answer.

use core::fmt::{self, Write};
use core::str;

use heapless::Vec;

/// At most `N` bytes of a text, of 65,535 at most. What did not fit is gone, cut between two characters, and [`is_cut`](Self::is_cut)
/// says so.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Captured<const N: usize> {
    /// UTF-8; while a text is arriving its last character may be incomplete.
    bytes: Vec<u8, N, u16>,
    cut: bool,
}

impl<const N: usize> Captured<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            cut: false,
        }
    }

    /// Makes one from a text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::from_bytes(text.as_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut captured = Self::new();
        captured.push(bytes);
        captured
    }

    /// Appends what fits. A cut may go through a character; `as_str` leaves its first half out.
    pub(crate) fn push(&mut self, run: &[u8]) {
        if self.cut {
            return;
        }
        let free = N.saturating_sub(self.bytes.len());
        let fits = run.get(..free).unwrap_or(run);
        self.cut = fits.len() < run.len();
        // What fits was measured, so this cannot fail.
        let _ = self.bytes.extend_from_slice(fits);
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(error) => {
                let whole = self.bytes.get(..error.valid_up_to()).unwrap_or_default();
                str::from_utf8(whole).unwrap_or_default()
            }
        }
    }

    /// Whether the answer's text was longer than this one.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// What was kept, with the half of a character that a cut may have left at its end.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

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
        if self.cut { f.write_str("…") } else { Ok(()) }
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
        write!(f, "{:?}", self.as_str())?;
        if self.cut { f.write_str("…") } else { Ok(()) }
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Captured<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let mark = if self.cut { "…" } else { "" };
        if self.as_str().chars().any(is_unprintable) {
            // As escaped bytes: a server's text must not forge a line of the log.
            defmt::write!(f, "{=[u8]:a}{=str}", self.as_str().as_bytes(), mark);
        } else {
            defmt::write!(f, "{=str}{=str}", self.as_str(), mark);
        }
    }
}

/// The text, and `…` behind it where it was cut.
#[cfg(feature = "serde")]
impl<const N: usize> serde::Serialize for Captured<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.cut {
            return serializer.collect_str(&format_args!("{}…", self.as_str()));
        }
        serializer.serialize_str(self.as_str())
    }
}
