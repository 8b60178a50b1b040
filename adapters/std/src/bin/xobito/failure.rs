//! How the command ends, and what to say when its input is wrong.

use std::fmt;
use std::process::ExitCode;

use xobito_std::core::{Answer, Field, InvalidMessage};
use xobito_std::{Outcome, Validation};

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Accepted = 0,
    Rejected = 1,
    Usage = 2,
    NotSent = 3,
    Unknown = 4,
}

impl Exit {
    pub(crate) fn of<A: Answer>(outcome: &Outcome<A>) -> Self {
        match outcome {
            Outcome::Accepted(_) => Self::Accepted,
            Outcome::Rejected(_) => Self::Rejected,
            Outcome::NotSent(_) => Self::NotSent,
            Outcome::Unknown(_) => Self::Unknown,
        }
    }

    /// A number that the API calls malformed counts as rejected.
    pub(crate) fn of_validation(outcome: &Outcome<Validation>) -> Self {
        match outcome {
            Outcome::Accepted(validation) if validation.format_valid() == Some(false) => {
                Self::Rejected
            }
            outcome => Self::of(outcome),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Input that is wrong: which flag, what is wrong with it, and what to do.
#[derive(Debug)]
pub(crate) struct Invalid {
    what: String,
    advice: String,
}

impl Invalid {
    pub(crate) fn new(what: impl fmt::Display, advice: impl Into<String>) -> Self {
        Self {
            what: what.to_string(),
            advice: advice.into(),
        }
    }

    pub(crate) fn advice(&self) -> &str {
        &self.advice
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<InvalidMessage> for Invalid {
    fn from(error: InvalidMessage) -> Self {
        let flag = flag(error.field());
        let advice = match error {
            InvalidMessage::Empty { .. } => format!("give {flag} a text"),
            InvalidMessage::TooShort { limit, .. } => {
                format!("give {flag} at least {limit} characters")
            }
            InvalidMessage::TooLong { limit, actual, .. } => format!(
                "shorten {flag} by {} characters, or send several messages",
                actual.saturating_sub(limit)
            ),
            InvalidMessage::TooMany { limit, .. } => {
                format!("give {flag} at most {limit} times")
            }
            InvalidMessage::Duplicate { .. } => {
                format!("give every {flag} an id and a title of its own")
            }
            InvalidMessage::SpaceAtEdge { .. } => {
                format!("remove the space at the beginning or end of the id in {flag}")
            }
            InvalidMessage::Url { .. } => {
                format!("give {flag} a whole URL, with anything unusual in it percent-encoded")
            }
            InvalidMessage::TemplateValue { .. } => {
                format!("put the value of {flag} on one line, with single spaces")
            }
            _ => format!("correct {flag}"),
        };
        Self::new(format!("{flag}: {error}"), advice)
    }
}

/// The flag that a field's value comes from.
fn flag(field: Field) -> &'static str {
    match field {
        Field::PhoneNumber => "--to",
        Field::MessageBody => "--body",
        Field::Header => "--header",
        Field::Footer => "--footer",
        Field::Buttons | Field::ButtonId(_) | Field::ButtonTitle(_) => "--button",
        Field::ButtonText => "--button-text",
        Field::ButtonUrl => "--button-url",
        Field::TemplateName => "--name",
        Field::TemplateLanguage => "--language",
        Field::FromPhoneNumberId => "--from-phone-number-id",
        Field::HeaderField => "--header-text",
        Field::HeaderImageUrl => "--header-image",
        Field::HeaderVideoUrl => "--header-video",
        Field::HeaderDocumentUrl => "--header-document",
        Field::HeaderDocumentName => "--header-document-name",
        Field::BodyField(_) => "--field",
        Field::ButtonValue(_) => "--template-button",
        Field::MediaUrl => "--url",
        Field::Caption => "--caption",
        Field::Filename => "--filename",
        Field::ContactFirstname => "--contact-firstname",
        Field::ContactLastname => "--contact-lastname",
        Field::ContactEmail => "--contact-email",
        Field::ContactCountry => "--contact-country",
        Field::ContactGroups => "--contact-group",
        _ => "the field",
    }
}
