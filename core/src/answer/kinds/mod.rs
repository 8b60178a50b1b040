//! What each endpoint answers when all went well.

mod accepted;
mod delivery;
mod validation;

pub use accepted::Accepted;
pub use delivery::{Delivery, DeliveryState};
pub use validation::Validation;

pub(crate) mod sealed {
    use core::fmt;

    use crate::outcome::UnknownCause;

    /// Where the members of `data` go.
    pub trait Fields: Default {
        /// Asking again does no harm: nothing is sent by it.
        const HARMLESS: bool;
        /// The place of this member of `data`, if it matters. Whatever stood there is forgotten: the last one counts.
        fn place(&mut self, key: &[u8]) -> Option<Place>;
        /// More of the text for a place.
        fn text(&mut self, place: Place, run: &[u8]);
        /// The whole number for a place.
        fn number(&mut self, _place: Place, _value: u64) {}
        /// The boolean for a place.
        fn boolean(&mut self, _place: Place, _value: bool) {}
        /// Forgets the id that was found in WhatsApp's own answer.
        fn forget_whatsapp_id(&mut self) {}
        /// Forgets everything: another `data` came.
        fn clear(&mut self) {
            *self = Self::default();
        }
        /// The API's own words beside the answer.
        fn said(&mut self, _message: &[u8]) {}
        /// What is missing for this to be an answer.
        fn missing(&self) -> Option<UnknownCause>;
        /// Says in a few words what was answered.
        fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
        /// Writes what it has, by the API's names.
        #[cfg(feature = "serde")]
        fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    }

    /// A member of `data`, numbered by the answer that keeps it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Place {
        /// A text.
        Text(u8),
        /// A text in which the words for a closed window are looked for.
        ErrorText(u8),
        /// A whole number.
        Number(u8),
        /// A boolean.
        Boolean(u8),
        /// The object with WhatsApp's own answer, which may hold the message's id.
        WhatsApp,
        /// The message's id in WhatsApp's own answer.
        WhatsAppId,
    }
}
