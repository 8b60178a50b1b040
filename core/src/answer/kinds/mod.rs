//! What each endpoint answers when all went well.

mod accepted;
mod delivery;
mod validation;

pub use accepted::Accepted;
pub use delivery::{Delivery, DeliveryState};
pub use validation::Validation;

pub(crate) mod sealed {
    use crate::answer::captured::Capture;
    use crate::bytes::is_same;
    use crate::json::reader::Kind;
    use crate::outcome::UnknownCause;
    use crate::outcome::sealed::Answered;

    /// Where the members of `data` go.
    pub trait Fields: Answered + Copy {
        /// Nothing was said.
        const EMPTY: Self;
        /// The members of `data` that matter.
        const MEMBERS: &'static [Member];
        /// Where the value for a place is kept, of which so many `bytes` are at hand.
        fn slot(&mut self, place: Place, bytes: usize) -> Option<&mut Capture<[u8]>>;
        /// The answer is complete, and this stood beside it: the API's own words.
        fn complete(&mut self, _message: &Capture<[u8]>) {}
        /// What is missing for this to be an answer.
        fn missing(&self) -> Option<UnknownCause>;
    }

    /// A member of an object, by its name.
    pub struct Member(pub(crate) &'static str, pub(crate) Place);

    impl Member {
        /// The place of the member of this name.
        pub(crate) fn find(members: &[Self], name: &[u8]) -> Place {
            let mut members = members.iter();
            let found = members.find(|Self(own, _)| is_same(own.as_bytes(), name));
            found.map_or(Place::Nowhere, |Self(_, place)| *place)
        }
    }

    /// Where a value goes; of an object or array that matters, what it is.
    ///
    /// In an order by which [`is_of_answer`](Self::is_of_answer) and [`takes`](Self::takes) are a comparison.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
    pub enum Place {
        /// Nobody asks after it.
        Nowhere,
        // What has members itself
        /// The outermost object.
        Root,
        /// `errors` itself is a list.
        ErrorList,
        /// One field's errors are a list.
        FieldErrorList,
        Data,
        Errors,
        FirstMessage,
        // What an answer may have
        /// The object with WhatsApp's own answer, which may hold the message's id.
        WhatsApp,
        Messages,
        // Truth values
        ContactCreated,
        FormatValid,
        // Numbers
        ContactId,
        ChatId,
        // Texts of an answer
        MessageId,
        /// The message's id in WhatsApp's own answer.
        WhatsAppId,
        Phone,
        State,
        SentAt,
        LastUpdated,
        PhoneDigits,
        CountryCode,
        Country,
        NationalNumber,
        E164,
        Reason,
        Note,
        ErrorMessage,
        // Texts of the envelope
        Message,
        /// One of the errors.
        Error,
        /// The name of the field that errors belong to.
        Field,
        Status,
        /// A number, too.
        RetryAfter,
    }

    impl Place {
        /// Whether it is the answer's own.
        pub(crate) fn is_of_answer(self) -> bool {
            (Self::WhatsApp..=Self::ErrorMessage).contains(&self)
        }

        /// Whether such a text may tell of the closed window.
        pub(crate) const fn is_searched(self) -> bool {
            matches!(self, Self::Message | Self::Error | Self::ErrorMessage)
        }

        /// Whether the characters of such a value go there.
        pub(crate) fn takes(self, kind: Kind) -> bool {
            match kind {
                Kind::Text => self >= Self::MessageId,
                Kind::Number => matches!(self, Self::ContactId | Self::ChatId | Self::RetryAfter),
                _ => false,
            }
        }
    }
}
