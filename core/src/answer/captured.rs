//! A text that was kept of an answer.

use core::fmt::{self, Write};
use core::str;

use crate::copy::copy;

/// At most `N` bytes of a text, of 65,535 at most. What did not fit is gone, cut between two characters, and [`is_cut`](Self::is_cut)
/// says so.
#[derive(Clone, Copy)]
pub struct Captured<const N: usize>(Capture<[u8; N]>);

/// A [`Captured`] of any capacity, so that all of them are filled by the same code.
#[derive(Clone, Copy)]
pub struct Capture<B: ?Sized> {
    len: u16,
    cut: bool,
    /// UTF-8; while a text is arriving its last character may be incomplete. What stands behind `len` means nothing.
    bytes: B,
}

impl Capture<[u8]> {
    /// Appends what fits. A cut may go through a character; `as_str` leaves its first half out.
    pub(crate) fn push(&mut self, run: &[u8]) {
        let len = usize::from(self.len);
        let free = self.bytes.get_mut(len..).unwrap_or_default();
        if self.cut {
            return;
        }
        let copied = copy(free, run);
        self.cut = copied < run.len();
        self.len = u16::try_from(len.wrapping_add(copied)).unwrap_or(u16::MAX);
    }
}

impl<const N: usize> Captured<N> {
    /// What fits, and can be counted.
    const CAPACITY_FITS: () = assert!(N <= 0xFFFF, "a captured text has at most 65,535 bytes");

    pub(crate) const fn new() -> Self {
        let () = Self::CAPACITY_FITS;
        Self(Capture {
            len: 0,
            cut: false,
            bytes: [0; N],
        })
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

    /// Where a part of a text goes: a place that is empty where the text `begins`.
    pub(crate) fn part(place: &mut Option<Self>, begins: bool) -> &mut Capture<[u8]> {
        if begins {
            *place = None;
        }
        place.get_or_insert_default().any()
    }

    /// Forgets what was kept.
    pub(crate) const fn clear(&mut self) {
        self.0.len = 0;
        self.0.cut = false;
    }

    pub(crate) fn push(&mut self, run: &[u8]) {
        self.any().push(run);
    }

    /// The same, whatever its capacity.
    pub(crate) fn any(&mut self) -> &mut Capture<[u8]> {
        &mut self.0
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
    pub const fn is_cut(&self) -> bool {
        self.0.cut
    }

    /// What was kept, with the half of a character that a cut may have left at its end.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        let Capture { len, bytes, .. } = &self.0;
        bytes.get(..usize::from(*len)).unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len == 0
    }
}

impl<const N: usize> Default for Captured<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> PartialEq for Captured<N> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes() && self.is_cut() == other.is_cut()
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
        if self.0.cut {
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
        write!(f, "{:?}", self.as_str())?;
        if self.0.cut {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Captured<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let mark = if self.0.cut { "…" } else { "" };
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
        if self.0.cut {
            return serializer.collect_str(&format_args!("{}…", self.as_str()));
        }
        serializer.serialize_str(self.as_str())
    }
}
