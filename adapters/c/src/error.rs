//! What a function answers, and what it says of a mistake.

use xobito_core::limits::{E164_MAX_DIGITS, E164_MIN_DIGITS, SUBDOMAIN_MAX, TOKEN_MAX};
use xobito_core::{
    Field, InvalidAccount, InvalidE164, InvalidMessage, InvalidMessageId, RequestError,
};

/// Why a function did nothing. Every function returns one of these, or 0 or more when all went well.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoError {
    /// A pointer that is needed is NULL.
    Null = -1,
    /// A length is larger than any object can be.
    Length = -2,
    /// A pointer is not aligned for what it points to.
    Alignment = -3,
    /// What is written would lie over what is read, or over something else that is written.
    Overlap = -4,
    /// A text is not UTF-8.
    Utf8 = -5,
    /// A number that is none of its enumeration's.
    Value = -6,
    /// Not now: never initialised, already finished, or another function has to come first.
    Order = -7,
    /// The buffer is too small; the function tells what would be enough.
    BufferTooSmall = -8,
    /// There is no such thing: an index past the end, or a part that this kind of outcome does not have.
    NotThere = -9,
    /// The host is not a name with an optional port.
    Host = -10,
    /// The subdomain is not 1 to 63 letters, digits, hyphens or underscores.
    Subdomain = -11,
    /// The token is not 1 to 512 printable ASCII characters without spaces.
    Token = -12,
    /// Not a phone number in E.164 form: `+`, then 8 to 15 digits of which the first is not 0.
    Phone = -13,
    /// Not a message id that can be asked after.
    MessageId = -14,
    /// A field that is needed is empty, or has nothing but spaces.
    Empty = -15,
    /// A field has fewer characters than the API takes.
    TooShort = -16,
    /// A field has more characters than the API takes.
    TooLong = -17,
    /// A list has more entries than the API takes, or none where one is needed.
    Count = -18,
    /// Two reply buttons have the same id or the same title.
    Duplicate = -19,
    /// A reply button's id begins or ends with a space.
    SpaceAtEdge = -20,
    /// Not a valid http or https URL.
    Url = -21,
    /// A template value has a newline, a tab or more than four spaces in a row.
    TemplateValue = -22,
    /// A text had another length than when its message was begun.
    TextChanged = -23,
    /// Two members that exclude each other are both set.
    Conflict = -24,
    /// The outbox is full, and nothing in it need make room.
    Full = -25,
    /// What is to be sent where the window is closed is no template message.
    NotATemplate = -26,
    /// A request's body is not a JSON object.
    NotAnObject = -27,
    /// The entry was not handed out for this, or was settled before.
    NotInFlight = -28,
    /// An outbox took in as many entries as it has ids.
    IdsExhausted = -29,
}

/// What a function returns when it did its work.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoStatus {
    /// Done.
    Ok = 0,
    /// There is more: a piece was written, so ask for the next.
    More = 1,
    /// The rest of the answer cannot change the outcome any more: reading on is a waste.
    Settled = 2,
    /// Done, but expect Meta to refuse it: the body of a message with buttons is longer than 1024 characters.
    WarningBodyLength = 3,
}

/// A field of a message, by its name in the API.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the API's.
pub enum XobitoField {
    /// The mistake is in no field of a message.
    None = 0,
    PhoneNumber = 1,
    MessageBody = 2,
    Header = 3,
    Footer = 4,
    Buttons = 5,
    /// The `id` of the reply button `index`, counted from 0.
    ButtonId = 6,
    /// The `title` of the reply button `index`, counted from 0.
    ButtonTitle = 7,
    ButtonText = 8,
    ButtonUrl = 9,
    TemplateName = 10,
    TemplateLanguage = 11,
    FromPhoneNumberId = 12,
    /// `header_field_1`
    HeaderField = 13,
    HeaderImageUrl = 14,
    HeaderVideoUrl = 15,
    HeaderDocumentUrl = 16,
    HeaderDocumentName = 17,
    /// `field_1` to `field_10`: `index` counts from 1, as the API does.
    BodyField = 18,
    /// `button_0` to `button_9`: `index` counts from 0.
    ButtonValue = 19,
    MediaUrl = 20,
    Caption = 21,
    Filename = 22,
    ContactFirstname = 23,
    ContactLastname = 24,
    ContactEmail = 25,
    ContactCountry = 26,
    ContactGroups = 27,
    /// Not known to this header.
    Other = 28,
}

/// Where a mistake is, with the numbers that tell what would be right. What does not apply is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XobitoProblem {
    /// What the function returns.
    pub error: i32,
    /// The field that is wrong: one of `xobito_field_t`.
    pub field: i32,
    /// Which one, where there are several of a field.
    pub index: u32,
    /// Characters, digits, entries or bytes that are needed at least.
    pub minimum: usize,
    /// Characters, digits, entries or bytes that are allowed at most.
    pub maximum: usize,
    /// Characters, digits, entries or bytes that there are.
    pub actual: usize,
    /// The first byte that does not fit, counted from 0.
    pub position: usize,
}

impl XobitoError {
    /// The number that a function returns.
    pub(crate) const fn code(self) -> i32 {
        #[allow(clippy::as_conversions)] // The one way from an enum to its number.
        {
            self as i32
        }
    }
}

impl XobitoStatus {
    /// The number that a function returns.
    pub(crate) const fn code(self) -> i32 {
        #[allow(clippy::as_conversions)] // The one way from an enum to its number.
        {
            self as i32
        }
    }
}

impl XobitoField {
    #[allow(clippy::as_conversions)] // The one way from an enum to its number.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }
}

impl From<XobitoError> for XobitoProblem {
    fn from(error: XobitoError) -> Self {
        Self {
            error: error.code(),
            ..Self::NONE
        }
    }
}

impl XobitoProblem {
    pub(crate) const NONE: Self = Self {
        error: 0,
        field: XobitoField::None.code(),
        index: 0,
        minimum: 0,
        maximum: 0,
        actual: 0,
        position: 0,
    };

    pub(crate) fn in_field(error: XobitoError, field: XobitoField, index: u32) -> Self {
        Self {
            field: field.code(),
            index,
            ..error.into()
        }
    }

    pub(crate) fn too_small(capacity: usize, needed: usize) -> Self {
        Self {
            maximum: capacity,
            actual: needed,
            ..XobitoError::BufferTooSmall.into()
        }
    }
}

impl From<InvalidE164> for XobitoProblem {
    fn from(error: InvalidE164) -> Self {
        let problem = Self::in_field(XobitoError::Phone, XobitoField::PhoneNumber, 0);
        match error {
            InvalidE164::NotADigit { position } => Self {
                position,
                ..problem
            },
            InvalidE164::LeadingZero => Self {
                position: 1,
                ..problem
            },
            InvalidE164::Length { digits } => Self {
                minimum: E164_MIN_DIGITS,
                maximum: E164_MAX_DIGITS,
                actual: digits,
                ..problem
            },
            _ => problem,
        }
    }
}

impl From<InvalidAccount> for XobitoProblem {
    fn from(error: InvalidAccount) -> Self {
        let (error, maximum, position) = match error {
            InvalidAccount::Subdomain { position } => {
                (XobitoError::Subdomain, SUBDOMAIN_MAX, position)
            }
            InvalidAccount::Token { position } => (XobitoError::Token, TOKEN_MAX, position),
            InvalidAccount::Host { position } => (XobitoError::Host, 0, position),
            _ => (XobitoError::Host, 0, 0),
        };
        Self {
            maximum,
            position,
            ..error.into()
        }
    }
}

impl From<InvalidMessageId> for XobitoProblem {
    fn from(_: InvalidMessageId) -> Self {
        XobitoError::MessageId.into()
    }
}

impl From<RequestError> for XobitoProblem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Invalid(error) => error.into(),
            RequestError::BufferTooSmall { capacity, needed } => Self::too_small(capacity, needed),
            _ => XobitoError::Value.into(),
        }
    }
}

impl From<InvalidMessage> for XobitoProblem {
    fn from(error: InvalidMessage) -> Self {
        let (field, index) = numbered(error.field());
        let problem = |error| Self::in_field(error, field, index);
        match error {
            InvalidMessage::Empty { .. } => Self {
                minimum: 1,
                ..problem(XobitoError::Empty)
            },
            InvalidMessage::TooShort { limit, actual, .. } => Self {
                minimum: limit,
                actual,
                ..problem(XobitoError::TooShort)
            },
            InvalidMessage::TooLong { limit, actual, .. } => Self {
                maximum: limit,
                actual,
                ..problem(XobitoError::TooLong)
            },
            InvalidMessage::TooMany { limit, actual, .. } => Self {
                maximum: limit,
                actual,
                ..problem(XobitoError::Count)
            },
            InvalidMessage::Duplicate { .. } => problem(XobitoError::Duplicate),
            InvalidMessage::SpaceAtEdge { .. } => problem(XobitoError::SpaceAtEdge),
            InvalidMessage::Url { position, .. } => Self {
                position,
                ..problem(XobitoError::Url)
            },
            InvalidMessage::TemplateValue { .. } => problem(XobitoError::TemplateValue),
            // What is formatted is formatted in C.
            _ => problem(XobitoError::Value),
        }
    }
}

fn numbered(field: Field) -> (XobitoField, u32) {
    let number = match field {
        Field::ButtonId(index)
        | Field::ButtonTitle(index)
        | Field::BodyField(index)
        | Field::ButtonValue(index) => index.into(),
        _ => 0,
    };
    let field = match field {
        Field::PhoneNumber => XobitoField::PhoneNumber,
        Field::MessageBody => XobitoField::MessageBody,
        Field::Header => XobitoField::Header,
        Field::Footer => XobitoField::Footer,
        Field::Buttons => XobitoField::Buttons,
        Field::ButtonId(_) => XobitoField::ButtonId,
        Field::ButtonTitle(_) => XobitoField::ButtonTitle,
        Field::ButtonText => XobitoField::ButtonText,
        Field::ButtonUrl => XobitoField::ButtonUrl,
        Field::TemplateName => XobitoField::TemplateName,
        Field::TemplateLanguage => XobitoField::TemplateLanguage,
        Field::FromPhoneNumberId => XobitoField::FromPhoneNumberId,
        Field::HeaderField => XobitoField::HeaderField,
        Field::HeaderImageUrl => XobitoField::HeaderImageUrl,
        Field::HeaderVideoUrl => XobitoField::HeaderVideoUrl,
        Field::HeaderDocumentUrl => XobitoField::HeaderDocumentUrl,
        Field::HeaderDocumentName => XobitoField::HeaderDocumentName,
        Field::BodyField(_) => XobitoField::BodyField,
        Field::ButtonValue(_) => XobitoField::ButtonValue,
        Field::MediaUrl => XobitoField::MediaUrl,
        Field::Caption => XobitoField::Caption,
        Field::Filename => XobitoField::Filename,
        Field::ContactFirstname => XobitoField::ContactFirstname,
        Field::ContactLastname => XobitoField::ContactLastname,
        Field::ContactEmail => XobitoField::ContactEmail,
        Field::ContactCountry => XobitoField::ContactCountry,
        Field::ContactGroups => XobitoField::ContactGroups,
        _ => XobitoField::Other,
    };
    (field, number)
}
