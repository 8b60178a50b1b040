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
        /// The members of `data` that matter.
        const MEMBERS: &'static [Member];
        /// Forgets what stands at this place: another value comes for it.
        fn forget(&mut self, place: Place);
        /// More of the text for a place; once at its beginning with nothing.
        fn text(&mut self, place: Place, run: &[u8]);
        /// The whole number for a place.
        fn number(&mut self, _place: Place, _value: u64) {}
        /// The boolean for a place.
        fn boolean(&mut self, _place: Place, _value: bool) {}
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

    /// A member of an object, by its name.
    pub struct Member(pub(crate) &'static str, pub(crate) Place);

    impl Member {
        /// The place of the member of this name.
        pub(crate) fn find(members: &[Self], name: &[u8]) -> Place {
            members
                .iter()
                .find(|member| member.0.as_bytes() == name)
                .map_or(Place::Nowhere, |member| member.1)
        }
    }

    /// Where a value goes.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Place {
        /// Nobody asks after it.
        Nowhere,
        // Texts of the envelope
        Status,
        Message,
        RetryAfter,
        Errors,
        /// One of the errors.
        Error,
        // Texts of an answer
        MessageId,
        /// The message's id in WhatsApp's own answer.
        WhatsAppId,
        Phone,
        State,
        SentAt,
        ErrorMessage,
        LastUpdated,
        PhoneDigits,
        CountryCode,
        Country,
        NationalNumber,
        E164,
        Reason,
        Note,
        // Other values of an answer
        ContactId,
        ChatId,
        ContactCreated,
        FormatValid,
        // What has members itself
        Data,
        /// The object with WhatsApp's own answer, which may hold the message's id.
        WhatsApp,
        Messages,
        FirstMessage,
    }

    impl Place {
        /// Whether a text can go there.
        pub(crate) const fn takes_text(self) -> bool {
            !matches!(
                self,
                Self::Nowhere
                    | Self::ContactId
                    | Self::ChatId
                    | Self::ContactCreated
                    | Self::FormatValid
                    | Self::Data
                    | Self::WhatsApp
                    | Self::Messages
                    | Self::FirstMessage
            )
        }
    }
}
