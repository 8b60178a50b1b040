//! The id under which WhatsApp knows a message.

use core::{fmt, str};

use heapless::String;

use crate::limits::MESSAGE_ID_MAX;

/// A message's id (wamid): what a delivery is asked after.
///
/// 1 to 128 bytes. No form is documented, so none is demanded, except that `.` and `..` are refused (as a path segment
/// they would name another resource), and control characters, which could forge a line of a log.
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct MessageId(String<MESSAGE_ID_MAX>);

impl MessageId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`InvalidMessageId`] tells which rule was broken.
    pub fn new(id: &str) -> Result<Self, InvalidMessageId> {
        Self::check(id)?;
        String::try_from(id)
            .map(Self)
            .map_err(|_| InvalidMessageId::TooLong { bytes: id.len() })
    }

    /// Checks an id but for its length.
    pub(crate) fn check(id: &str) -> Result<(), InvalidMessageId> {
        match id.as_bytes() {
            [] => Err(InvalidMessageId::Empty),
            [b'.'] | [b'.', b'.'] => Err(InvalidMessageId::DotSegment),
            id if id.iter().any(u8::is_ascii_control) => Err(InvalidMessageId::ControlCharacter),
            _ => Ok(()),
        }
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl str::FromStr for MessageId {
    type Err = InvalidMessageId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::new(id)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({:?})", self.as_str())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for MessageId {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MessageId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(crate::checked::FromText::new())
    }
}

/// Why a text is not a message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InvalidMessageId {
    /// There is none.
    Empty,
    /// `.` or `..`, which would change the path.
    DotSegment,
    /// There is a control character in it.
    ControlCharacter,
    /// Longer than [`MESSAGE_ID_MAX`], or an answer's id was longer than its reader's capacity.
    TooLong {
        /// How long it is.
        bytes: usize,
    },
}

impl fmt::Display for InvalidMessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a message id is not empty"),
            Self::DotSegment => f.write_str("a message id is not `.` or `..`"),
            Self::ControlCharacter => f.write_str("a message id has no control characters"),
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "a message id has at most {MESSAGE_ID_MAX} bytes, this one has {bytes} or more"
                )
            }
        }
    }
}

impl core::error::Error for InvalidMessageId {}
