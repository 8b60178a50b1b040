//! What the API makes of a phone number.

use core::fmt;

use super::sealed::{Fields, Member, Place, Value};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured, TEXT};
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    const MEMBERS: &'static [Member] = &[
        Member("format_valid", Place::FormatValid),
        Member("phone", Place::Phone),
        Member("phone_digits", Place::PhoneDigits),
        Member("country_code", Place::CountryCode),
        Member("country", Place::Country),
        Member("national_number", Place::NationalNumber),
        Member("e164", Place::E164),
        Member("reason", Place::Reason),
        Member("note", Place::Note),
    ];

    fn text(&mut self, place: Place, _: &[u8], begins: bool) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::Phone => Captured::part(&mut self.phone, begins),
            Place::PhoneDigits => Captured::part(&mut self.phone_digits, begins),
            Place::CountryCode => Captured::part(&mut self.country_code, begins),
            Place::Country => Captured::part(&mut self.country, begins),
            Place::NationalNumber => Captured::part(&mut self.national_number, begins),
            Place::E164 => Captured::part(&mut self.e164, begins),
            Place::Reason => Captured::part(&mut self.reason, begins),
            Place::Note => Captured::part(&mut self.note, begins),
            _ => return None,
        })
    }

    fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::FormatValid => self.format_valid = value.boolean(),
            Place::Phone => self.phone = None,
            Place::PhoneDigits => self.phone_digits = None,
            Place::CountryCode => self.country_code = None,
            Place::Country => self.country = None,
            Place::NationalNumber => self.national_number = None,
            Place::E164 => self.e164 = None,
            Place::Reason => self.reason = None,
            Place::Note => self.note = None,
            _ => {}
        }
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
