//! What the API makes of a phone number.

use core::fmt;

use super::sealed::{Fields, Member, Place};
use crate::answer::captured::Capture;
use crate::answer::{Answer, Captured, TEXT};
use crate::outcome::UnknownCause;
#[cfg(feature = "serde")]
use crate::outcome::json::optional;
use crate::outcome::sealed::Answered;

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Validation<const N: usize = TEXT> {
    format_valid: Captured<0>,
    phone: Captured<24>,
    phone_digits: Captured<16>,
    country_code: Captured<4>,
    country: Captured<32>,
    national_number: Captured<16>,
    e164: Captured<16>,
    reason: Captured<N>,
    note: Captured<N>,
}

impl<const N: usize> Validation<N> {
    /// Whether it is well formed.
    #[must_use]
    pub fn format_valid(&self) -> Option<bool> {
        self.format_valid.boolean()
    }

    /// The number as it was asked.
    #[must_use]
    pub fn phone(&self) -> Option<&Captured<24>> {
        self.phone.text()
    }

    /// Its digits.
    #[must_use]
    pub fn phone_digits(&self) -> Option<&Captured<16>> {
        self.phone_digits.text()
    }

    /// The country calling code.
    #[must_use]
    pub fn country_code(&self) -> Option<&Captured<4>> {
        self.country_code.text()
    }

    /// The country.
    #[must_use]
    pub fn country(&self) -> Option<&Captured<32>> {
        self.country.text()
    }

    /// The number within the country.
    #[must_use]
    pub fn national_number(&self) -> Option<&Captured<16>> {
        self.national_number.text()
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn e164(&self) -> Option<&Captured<16>> {
        self.e164.text()
    }

    /// Why it is not well formed.
    #[must_use]
    pub fn reason(&self) -> Option<&Captured<N>> {
        self.reason.text()
    }

    /// A remark.
    #[must_use]
    pub fn note(&self) -> Option<&Captured<N>> {
        self.note.text()
    }
}

impl<const N: usize> Answer for Validation<N> {}

impl<const N: usize> Answered for Validation<N> {
    const HARMLESS: bool = true;

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.format_valid() == Some(true) {
            "well formed"
        } else {
            "not well formed"
        })?;
        match self.reason() {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        optional(map, "format_valid", self.format_valid().as_ref())?;
        optional(map, "phone", self.phone())?;
        optional(map, "phone_digits", self.phone_digits())?;
        optional(map, "country_code", self.country_code())?;
        optional(map, "country", self.country())?;
        optional(map, "national_number", self.national_number())?;
        optional(map, "e164", self.e164())?;
        optional(map, "reason", self.reason())?;
        optional(map, "note", self.note())
    }
}

impl<const N: usize> Fields for Validation<N> {
    const EMPTY: Self = Self {
        format_valid: Captured::new(),
        phone: Captured::new(),
        phone_digits: Captured::new(),
        country_code: Captured::new(),
        country: Captured::new(),
        national_number: Captured::new(),
        e164: Captured::new(),
        reason: Captured::new(),
        note: Captured::new(),
    };

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

    fn slot(&mut self, place: Place, _: usize) -> Option<&mut Capture<[u8]>> {
        Some(match place {
            Place::FormatValid => self.format_valid.any(),
            Place::Phone => self.phone.any(),
            Place::PhoneDigits => self.phone_digits.any(),
            Place::CountryCode => self.country_code.any(),
            Place::Country => self.country.any(),
            Place::NationalNumber => self.national_number.any(),
            Place::E164 => self.e164.any(),
            Place::Reason => self.reason.any(),
            Place::Note => self.note.any(),
            _ => return None,
        })
    }

    fn missing(&self) -> Option<UnknownCause> {
        self.format_valid()
            .is_none()
            .then_some(UnknownCause::MissingField)
    }
}
