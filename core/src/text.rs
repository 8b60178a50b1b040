//! The text of a message, from whatever can be written as text.

use core::fmt::{self, Write};

/// The text of a field: a `&str`, a number, some [`Piece`]s in a row, or `format_args!(…)`.
///
/// It is rendered straight into the request, so no second copy of it ever exists. A program that uses only strings
/// and pieces does not link the formatting machinery.
///
/// # Examples
/// ```
/// use xobito_core::{Piece, Text};
///
/// let plain = Text::from("Freezer 3 is open");
/// let pieces = [Piece::Str("Freezer "), Piece::Int(3), Piece::Str(" is open")];
/// assert_eq!(plain.to_string(), Text::from(&pieces[..]).to_string());
/// assert_eq!(plain.to_string(), Text::from(format_args!("Freezer {} is open", 3)).to_string());
/// ```
#[derive(Clone, Copy)]
pub struct Text<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    Str(&'a str),
    Int(i64),
    Pieces(&'a [Piece<'a>]),
    /// The function stands beside its argument so that only programs that make this variant link it.
    Arguments(
        fmt::Arguments<'a>,
        fn(&mut dyn Write, fmt::Arguments<'_>) -> fmt::Result,
    ),
}

/// A part of a [`Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Piece<'a> {
    /// As it is.
    Str(&'a str),
    /// In decimal digits.
    Int(i64),
}

impl Text<'_> {
    /// Writes the text to `out`, in one or more parts.
    ///
    /// # Errors
    /// Whatever `out` or a `Display` inside of `format_args!` answers.
    pub fn render(&self, out: &mut dyn Write) -> fmt::Result {
        match self.0 {
            Source::Str(text) => out.write_str(text),
            Source::Int(number) => write_decimal(number, out),
            Source::Pieces(pieces) => pieces.iter().try_for_each(|piece| match *piece {
                Piece::Str(text) => out.write_str(text),
                Piece::Int(number) => write_decimal(number, out),
            }),
            Source::Arguments(arguments, write) => write(out, arguments),
        }
    }

    /// The text itself, where it is one string: rendering can then be bypassed.
    pub(crate) const fn as_str(&self) -> Option<&str> {
        match self.0 {
            Source::Str(text) => Some(text),
            _ => None,
        }
    }
}

/// Digits without the formatting machinery.
fn write_decimal(number: i64, out: &mut dyn Write) -> fmt::Result {
    if number < 0 {
        out.write_str("-")?;
    }
    let (digits, first) = decimal_digits(number.unsigned_abs());
    let digits = digits.get(first..).unwrap_or_default();
    out.write_str(core::str::from_utf8(digits).unwrap_or_default())
}

/// The digits at the end of an array, and where the first of them is.
///
/// It divides by hand, in steps of 16 bits: the function that divides 64 bits on a small processor takes 700 bytes.
pub(crate) fn decimal_digits(number: u64) -> ([u8; 20], usize) {
    let mut digits = [0; 20]; // u64::MAX has 20
    let mut first = digits.len();
    let mut limbs = [0_u32; 4];
    let mut rest = number;
    for limb in limbs.iter_mut().rev() {
        *limb = u32::try_from(rest & 0xFFFF).unwrap_or_default();
        rest >>= 16;
    }
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        let mut rest = 0;
        for limb in &mut limbs {
            let part = (rest << 16) | *limb;
            *limb = part / 10;
            rest = part % 10;
        }
        *digit = b'0' | u8::try_from(rest).unwrap_or_default();
        first = at;
        if limbs == [0; 4] {
            break;
        }
    }
    (digits, first)
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Source::Str(text))
    }
}

impl<'a> From<&'a [Piece<'a>]> for Text<'a> {
    fn from(pieces: &'a [Piece<'a>]) -> Self {
        Self(Source::Pieces(pieces))
    }
}

impl<'a> From<fmt::Arguments<'a>> for Text<'a> {
    fn from(arguments: fmt::Arguments<'a>) -> Self {
        Self(Source::Arguments(arguments, fmt::write))
    }
}

impl From<i64> for Text<'_> {
    fn from(number: i64) -> Self {
        Self(Source::Int(number))
    }
}

impl From<i32> for Text<'_> {
    fn from(number: i32) -> Self {
        Self(Source::Int(number.into()))
    }
}

impl From<u32> for Text<'_> {
    fn from(number: u32) -> Self {
        Self(Source::Int(number.into()))
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.render(f)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.0 {
            Source::Str(text) => defmt::write!(f, "{=str}", text),
            Source::Int(number) => defmt::write!(f, "{=i64}", number),
            Source::Pieces(pieces) => defmt::write!(f, "{}", pieces),
            Source::Arguments(..) => defmt::write!(f, "{}", defmt::Display2Format(self)),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests;
