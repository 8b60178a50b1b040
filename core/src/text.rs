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

/// What is no string comes with the function that renders it, so that only programs that make such a text link it.
#[derive(Clone, Copy)]
enum Source<'a> {
    Str(&'a str),
    Int(i64, fn(i64, Out<'_>) -> fmt::Result),
    Pieces(&'a [Piece<'a>], fn(&[Piece<'_>], Out<'_>) -> fmt::Result),
    Arguments(
        fmt::Arguments<'a>,
        fn(fmt::Arguments<'_>, Out<'_>) -> fmt::Result,
    ),
}

/// What takes the parts of a text.
pub(crate) type Out<'o> = &'o mut dyn FnMut(&str) -> fmt::Result;

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
        self.parts(&mut |part| out.write_str(part))
    }

    /// Gives the text to `out`, in one or more parts.
    pub(crate) fn parts(&self, out: Out<'_>) -> fmt::Result {
        match self.0 {
            Source::Str(text) => out(text),
            Source::Int(number, render) => render(number, out),
            Source::Pieces(pieces, render) => render(pieces, out),
            Source::Arguments(arguments, render) => render(arguments, out),
        }
    }
}

fn pieces(pieces: &[Piece<'_>], out: Out<'_>) -> fmt::Result {
    pieces.iter().try_for_each(|piece| match *piece {
        Piece::Str(text) => out(text),
        Piece::Int(number) => int(number, out),
    })
}

fn int(number: i64, out: Out<'_>) -> fmt::Result {
    if number < 0 {
        out("-")?;
    }
    decimal(number.unsigned_abs(), out)
}

fn arguments(arguments: fmt::Arguments<'_>, out: Out<'_>) -> fmt::Result {
    struct ToParts<'o>(Out<'o>);
    impl Write for ToParts<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            (self.0)(part)
        }
    }
    fmt::write(&mut ToParts(out), arguments)
}

/// Writes a number without the formatting machinery, digit by digit.
pub(crate) fn decimal(number: u64, out: Out<'_>) -> fmt::Result {
    // It divides byte by byte: the function that divides 64 bits on a small processor takes 700 bytes.
    let mut number = number.to_be_bytes();
    let mut digits = [0; 20]; // u64::MAX has 20
    let mut first = 0;
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        let mut rest = 0;
        for byte in &mut number {
            let part = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(part / 10).unwrap_or_default();
            rest = part % 10;
        }
        *digit = u8::try_from(rest).unwrap_or_default();
        if number == [0; 8] {
            first = at;
            break;
        }
    }
    let digits = digits.get(first..).unwrap_or_default();
    digits
        .iter()
        .try_for_each(|digit| out(char::from(b'0' | *digit).encode_utf8(&mut [0; 4])))
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Source::Str(text))
    }
}

impl<'a> From<&'a [Piece<'a>]> for Text<'a> {
    fn from(pieces: &'a [Piece<'a>]) -> Self {
        Self(Source::Pieces(pieces, self::pieces))
    }
}

impl<'a> From<fmt::Arguments<'a>> for Text<'a> {
    fn from(arguments: fmt::Arguments<'a>) -> Self {
        Self(Source::Arguments(arguments, self::arguments))
    }
}

impl From<i64> for Text<'_> {
    fn from(number: i64) -> Self {
        Self(Source::Int(number, int))
    }
}

impl From<i32> for Text<'_> {
    fn from(number: i32) -> Self {
        Self(Source::Int(number.into(), int))
    }
}

impl From<u32> for Text<'_> {
    fn from(number: u32) -> Self {
        Self(Source::Int(number.into(), int))
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
            Source::Int(number, _) => defmt::write!(f, "{=i64}", number),
            Source::Pieces(pieces, _) => defmt::write!(f, "{}", pieces),
            Source::Arguments(..) => defmt::write!(f, "{}", defmt::Display2Format(self)),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Source::Str(text) => serializer.serialize_str(text),
            _ => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests;
