//! The question whether a text is a phone number.

use super::wire::{Members, Object};
use super::{Field, InvalidMessage, length};
use crate::json::escape::count_characters;
use crate::limits::PHONE_QUERY_MAX;

/// Asks the API whether a number is well formed. It does not tell whether the number is on WhatsApp.
///
/// The text may be anything of 1 to 32 characters: that it may be wrong is why one asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PhoneQuery<'a>(&'a str);

impl<'a> PhoneQuery<'a> {
    /// The bytes that the body of any such question fits in: every character escaped.
    pub const BODY_MAX: usize = PHONE_QUERY_MAX * 6 + "{\"phone_number\":\"\"}".len();

    /// A question about this text.
    ///
    /// # Errors
    /// [`InvalidMessage`] where it is empty or too long.
    pub fn new(number: &'a str) -> Result<Self, InvalidMessage> {
        let characters = count_characters(number.as_bytes());
        length(Field::PhoneNumber, characters, 1, PHONE_QUERY_MAX)?;
        Ok(Self(number))
    }
}

impl Object for PhoneQuery<'_> {
    fn members<M: Members>(&self, out: &mut M) {
        out.text(Field::PhoneNumber, &self.0.into());
    }
}
