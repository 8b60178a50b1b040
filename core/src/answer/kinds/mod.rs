//! What each endpoint answers when all went well.

mod accepted;
mod delivery;
mod validation;

pub use accepted::Accepted;
pub use delivery::{Delivery, DeliveryState};
pub use validation::Validation;

pub(crate) mod sealed {
    use core::fmt;

    use crate::answer::captured::Capture;
    use crate::outcome::UnknownCause;

    /// Where the members of `data` go.
    pub trait Fields: Copy + Default {
        /// Asking again does no harm: nothing is sent by it.
        const HARMLESS: bool;
        /// The members of `data` that matter.
        const MEMBERS: &'static [Member];
        /// Where the text for a place goes, and this part of it.
        fn text(&mut self, place: Place, run: &[u8], begins: bool) -> Option<&mut Capture<[u8]>>;
        /// Any other value for a place. The last of several counts, so what stood there is forgotten even where the value
        /// is of no use.
        fn set(&mut self, place: Place, value: Value);
        /// The answer is complete, and this stood beside it: the API's own words.
        fn complete(&mut self, _message: Option<&[u8]>) {}
        /// What is missing for this to be an answer.
        fn missing(&self) -> Option<UnknownCause>;
        /// Says in a few words what was answered.
        fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
        /// Writes what it has, by the API's names.
        #[cfg(feature = "serde")]
        fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    }

    /// A value that is not a text.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub enum Value {
        /// `null`, a container, or a number that is not whole.
        Nothing,
        Number(u64),
        Boolean(bool),
    }

    impl Value {
        pub(crate) const fn number(self) -> Option<u64> {
            match self {
                Self::Number(number) => Some(number),
                _ => None,
            }
        }

        pub(crate) const fn boolean(self) -> Option<bool> {
            match self {
                Self::Boolean(value) => Some(value),
                _ => None,
            }
        }
    }

    /// Bytes that are compared at once.
    const WORD: usize = 4;

    /// A member of an object, by its name.
    pub struct Member(pub(crate) &'static str, pub(crate) Place);

    impl Member {
        /// The place of the member of this name.
        pub(crate) fn find(members: &[Self], name: &[u8]) -> Place {
            for Self(own, place) in members {
                if own.len() == name.len() && is_same(own.as_bytes(), name) {
                    return *place;
                }
            }
            Place::Nowhere
        }
    }

    /// Compares names of one length by the word: they are too short for `memcmp` to be worth its call.
    fn is_same(name: &[u8], other: &[u8]) -> bool {
        let (mut name, mut other) = (name, other);
        while let (Some((word, rest)), Some((other_word, other_rest))) =
            (name.split_first_chunk::<WORD>(), other.split_first_chunk())
        {
            if word != other_word {
                return false;
            }
            (name, other) = (rest, other_rest);
        }
        name.iter().zip(other).all(|(byte, other)| byte == other)
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
        WindowClosed,
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
                    | Self::WindowClosed
                    | Self::Data
                    | Self::WhatsApp
                    | Self::Messages
                    | Self::FirstMessage
            )
        }
    }
}
