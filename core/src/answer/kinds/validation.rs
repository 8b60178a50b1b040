//! What the API makes of a phone number.

use core::fmt;

use super::sealed::{Fields, Place};
use crate::answer::{Answer, Captured, TEXT};
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Validation<const N: usize = TEXT> {
    /// Whether it is well formed.
    pub format_valid: Option<bool>,
    /// The number as it was asked.
    pub phone: Option<Captured<24>>,
    /// Its digits.
    pub phone_digits: Option<Captured<16>>,
    /// The country calling code.
    pub country_code: Option<Captured<4>>,
    /// The country.
    pub country: Option<Captured<32>>,
    /// The number within the country.
    pub national_number: Option<Captured<16>>,
    /// The number in E.164 form.
    pub e164: Option<Captured<16>>,
    /// Why it is not well formed.
    pub reason: Option<Captured<N>>,
    /// A remark.
    pub note: Option<Captured<N>>,
}

impl<const N: usize> Answer for Validation<N> {}

impl<const N: usize> Fields for Validation<N> {
    const HARMLESS: bool = true;

    fn place(&mut self, key: &[u8]) -> Option<Place> {
        let place = match key {
            b"format_valid" => Place::Boolean(0),
            b"phone" => Place::Text(0),
            b"phone_digits" => Place::Text(1),
            b"country_code" => Place::Text(2),
            b"country" => Place::Text(3),
            b"national_number" => Place::Text(4),
            b"e164" => Place::Text(5),
            b"reason" => Place::Text(6),
            b"note" => Place::Text(7),
            _ => return None,
        };
        match place {
            Place::Text(0) => self.phone = None,
            Place::Text(1) => self.phone_digits = None,
            Place::Text(2) => self.country_code = None,
            Place::Text(3) => self.country = None,
            Place::Text(4) => self.national_number = None,
            Place::Text(5) => self.e164 = None,
            Place::Text(6) => self.reason = None,
            Place::Text(_) => self.note = None,
            _ => self.format_valid = None,
        }
        Some(place)
    }

    fn text(&mut self, place: Place, run: &[u8]) {
        match place {
            Place::Text(0) => self.phone.get_or_insert_default().push(run),
            Place::Text(1) => self.phone_digits.get_or_insert_default().push(run),
            Place::Text(2) => self.country_code.get_or_insert_default().push(run),
            Place::Text(3) => self.country.get_or_insert_default().push(run),
            Place::Text(4) => self.national_number.get_or_insert_default().push(run),
            Place::Text(5) => self.e164.get_or_insert_default().push(run),
            Place::Text(6) => self.reason.get_or_insert_default().push(run),
            Place::Text(7) => self.note.get_or_insert_default().push(run),
            _ => {}
        }
    }

    fn boolean(&mut self, _: Place, value: bool) {
        self.format_valid = Some(value);
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.format_valid == Some(true) {
            "well formed"
        } else {
            "not well formed"
        })?;
        match &self.reason {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.format_valid
            .is_none()
            .then_some(UnknownCause::MissingField)
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "format_valid", self.format_valid.as_ref())?;
        optional(map, "phone", self.phone.as_ref())?;
        optional(map, "phone_digits", self.phone_digits.as_ref())?;
        optional(map, "country_code", self.country_code.as_ref())?;
        optional(map, "country", self.country.as_ref())?;
        optional(map, "national_number", self.national_number.as_ref())?;
        optional(map, "e164", self.e164.as_ref())?;
        optional(map, "reason", self.reason.as_ref())?;
        optional(map, "note", self.note.as_ref())
    }
}
