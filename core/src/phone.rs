//! Phone numbers in E.164 form.

use core::num::NonZeroU64;
use core::{fmt, str};

use crate::limits::{E164_MAX_DIGITS, E164_MIN_DIGITS};

/// A phone number in E.164 form: `+`, then 8 to 15 digits of which the first is not 0.
///
/// Sixteen bytes of digits and a length; copying one is cheap.
///
/// # Examples
/// ```
/// use xobito_core::{E164, checked};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234")); // checked by the compiler
/// assert_eq!(ON_CALL.as_str(), "+14155551234");
/// assert!(E164::new("0041 79 555").is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct E164 {
    /// `+` and the digits; zeros behind them.
    text: [u8; E164_MAX_DIGITS + 1],
    len: usize,
}

impl E164 {
    /// Checks a number.
    ///
    /// # Errors
    /// [`InvalidE164`] tells which rule was broken, and where.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
    // A const fn can neither iterate nor call `get`: every index below is behind a comparison with the length.
    pub const fn new(number: &str) -> Result<Self, InvalidE164> {
        let bytes = number.as_bytes();
        if bytes.is_empty() || bytes[0] != b'+' {
            return Err(InvalidE164::NoPlus);
        }
        let mut text = [0; E164_MAX_DIGITS + 1];
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if at > 0 && !byte.is_ascii_digit() {
                return Err(InvalidE164::NotADigit { position: at });
            }
            if at < text.len() {
                text[at] = byte;
            }
            at += 1;
        }
        let digits = bytes.len() - 1;
        if digits < E164_MIN_DIGITS || digits > E164_MAX_DIGITS {
            return Err(InvalidE164::Length { digits });
        }
        if bytes[1] == b'0' {
            return Err(InvalidE164::LeadingZero);
        }
        Ok(Self {
            text,
            len: bytes.len(),
        })
    }

    /// The number as it was given, `+` first.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The number as it was given, as ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }
}

/// A number in eight bytes, for tables that hold many: a nibble for each digit, the first one highest, 0xF behind the last.
///
/// It is never 0, because no number begins with that digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedNumber(NonZeroU64);

impl PackedNumber {
    /// Nobody's: no number is that long.
    pub(crate) const NONE: Self = Self(NonZeroU64::MAX);
}

impl From<&E164> for PackedNumber {
    fn from(number: &E164) -> Self {
        let digits = number.as_bytes().iter().skip(1);
        let ends = core::iter::repeat(&0xF);
        let packed = digits
            .chain(ends)
            .take(E164_MAX_DIGITS.saturating_add(1))
            .fold(0, |packed, digit| packed << 4 | u64::from(digit & 0xF));
        Self(NonZeroU64::new(packed).unwrap_or(NonZeroU64::MAX))
    }
}

impl From<PackedNumber> for E164 {
    fn from(packed: PackedNumber) -> Self {
        let mut text = [0; E164_MAX_DIGITS + 1];
        let mut len: usize = 1;
        let mut nibbles = packed.0.get();
        for (at, byte) in text.iter_mut().enumerate() {
            if at == 0 {
                *byte = b'+';
                continue;
            }
            let [.., highest] = nibbles.to_le_bytes();
            let digit = highest >> 4;
            if digit > 9 {
                break;
            }
            *byte = b'0' | digit;
            len = len.saturating_add(1);
            nibbles <<= 4;
        }
        Self { text, len }
    }
}

impl str::FromStr for E164 {
    type Err = InvalidE164;

    fn from_str(number: &str) -> Result<Self, Self::Err> {
        Self::new(number)
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E164({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for E164 {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for E164 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for E164 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(crate::checked::FromText::new())
    }
}

/// Why a text is not a phone number in E.164 form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InvalidE164 {
    /// The first character is not `+`.
    NoPlus,
    /// Something other than a digit stands at this byte position.
    NotADigit {
        /// Counted from 0.
        position: usize,
    },
    /// The country code begins with 0.
    LeadingZero,
    /// Too few or too many digits.
    Length {
        /// How many there are.
        digits: usize,
    },
}

impl fmt::Display for InvalidE164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlus => f.write_str(
                "a phone number starts with `+` and the country code, as in +14155551234",
            ),
            Self::NotADigit { position } => {
                write!(
                    f,
                    "only digits may follow the `+` of a phone number: see position {position}"
                )
            }
            Self::LeadingZero => {
                f.write_str("the country code of a phone number does not begin with 0")
            }
            Self::Length { digits } => write!(
                f,
                "a phone number has {E164_MIN_DIGITS} to {E164_MAX_DIGITS} digits, not {digits}"
            ),
        }
    }
}

impl core::error::Error for InvalidE164 {}

#[cfg(test)]
mod tests;
