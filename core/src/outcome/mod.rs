//! What became of a request.

mod failure;
#[cfg(feature = "serde")]
pub(crate) mod json;
mod rejection;
pub(crate) mod sealed;

pub use failure::{Failure, Unknown, UnknownCause};
pub use rejection::{FieldError, FieldErrors, Reason, Rejection};

use core::{fmt, time::Duration};

use sealed::{Answered, Refused};

/// What became of a request: four cases that call for four different reactions, so `match` on it is exhaustive.
///
/// `Outcome<Accepted>` holds what the answer said. [`AnswerReader::finish`](crate::AnswerReader::finish) hands out an
/// `Outcome<&Accepted, &Rejection>` that borrows it, as `Option<&T>` does; [`cloned`](Self::cloned) makes one of it that is
/// kept, and [`as_ref`](Self::as_ref) goes the other way. Both tell the same.
///
/// | answer | outcome | cause |
/// |---|---|---|
/// | 2xx, `status` is `success`, an id, the JSON whole | `Accepted` | |
/// | 2xx with `status: error` | `Rejected` | `api-error` |
/// | 2xx without `status`, without an id (or a query's main field), or whose JSON is not whole and valid | `Unknown` | `missing-status`, `missing-id`, `missing-field`, `malformed-json` |
/// | 3xx, never followed | `Rejected` | `redirected` |
/// | 400, 401, 403, 404, 422, other 4xx, whatever the body | `Rejected` | `bad-request`, `token`, `ability`, `not-found`, `validation`, `refused` |
/// | a rejection whose texts say that the 24-hour window is closed | `Rejected` | `window-closed` |
/// | 429 | `Rejected` | `rate-limited` |
/// | 5xx with the API's JSON error envelope | `Rejected` | `server-error` |
/// | any other 5xx | `Unknown` | `gateway-error` |
/// | the exchange broke after the request's first byte left | `Unknown` | `connection-lost`, `timed-out`, `malformed-http` |
/// | it broke before | `NotSent` | `dns`, `connect`, `tls`, `certificate`, … |
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(clippy::large_enum_variant)] // Without allocation there is nowhere else to put it.
pub enum Outcome<A, R = Rejection> {
    /// The API took it. For a message that is not delivery; for a query it is the answer.
    Accepted(A),
    /// The API refused it, and says why. After a server error (`server-error`) a message may have been sent all the same.
    Rejected(R),
    /// No byte of the request left the device: safe to try again.
    NotSent(Failure),
    /// Bytes left and no answer that settles it came back: trying again may duplicate.
    Unknown(Unknown),
}

impl<A, R> Outcome<A, R> {
    /// The outcome of an exchange that failed before there was any answer.
    #[must_use]
    pub const fn failed(request_left: bool, failure: Failure) -> Self {
        if request_left {
            Self::Unknown(Unknown {
                cause: UnknownCause::Failed(failure),
                status: None,
            })
        } else {
            Self::NotSent(failure)
        }
    }

    /// The word for this case: `accepted`, `rejected`, `not-sent` or `unknown`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Rejected(_) => "rejected",
            Self::NotSent(_) => "not-sent",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The same, borrowed.
    #[must_use]
    pub const fn as_ref(&self) -> Outcome<&A, &R> {
        match self {
            Self::Accepted(answer) => Outcome::Accepted(answer),
            Self::Rejected(rejection) => Outcome::Rejected(rejection),
            Self::NotSent(failure) => Outcome::NotSent(*failure),
            Self::Unknown(unknown) => Outcome::Unknown(*unknown),
        }
    }
}

// One that is kept is not copied unasked: it is large.
impl<A, R> Copy for Outcome<&A, &R> {}

impl<A: Clone, R: Clone> Outcome<&A, &R> {
    /// The same, to be kept when what it borrows from is gone. It takes 540 bytes, with the usual capacities.
    #[must_use]
    pub fn cloned(self) -> Outcome<A, R> {
        match self {
            Self::Accepted(answer) => Outcome::Accepted(answer.clone()),
            Self::Rejected(rejection) => Outcome::Rejected(rejection.clone()),
            Self::NotSent(failure) => Outcome::NotSent(failure),
            Self::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }
}

impl<A: Answered, R: Refused> Outcome<A, R> {
    /// Whether, and when, the same request may be made again.
    ///
    /// A query sends nothing, so it may always be made again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Accepted(_) => Retry::Never,
            Self::Rejected(rejection) => rejection.retry(),
            Self::NotSent(failure) => failure.retry(),
            Self::Unknown(_) if A::HARMLESS => Retry::Now,
            Self::Unknown(_) => Retry::IfDuplicateAcceptable,
        }
    }

    /// The word of the table above for the cause, where something went wrong.
    #[must_use]
    pub fn cause(&self) -> Option<&'static str> {
        match self {
            Self::Accepted(_) => None,
            Self::Rejected(rejection) => Some(rejection.reason().word()),
            Self::NotSent(failure) => Some(failure.word()),
            Self::Unknown(unknown) => Some(unknown.cause.word()),
        }
    }
}

impl<A: Answered, R: Refused> fmt::Display for Outcome<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(answer) => answer.describe(f),
            Self::Rejected(rejection) => write!(f, "rejected: {rejection}"),
            Self::NotSent(failure) => write!(f, "not sent: {failure}"),
            Self::Unknown(unknown) => write!(f, "unknown: {unknown}"),
        }
    }
}

/// When the same request may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Retry {
    /// It would end the same way.
    Never,
    /// At any time, with a backoff of the caller's choice.
    Now,
    /// Not before this much time. After a server error (`server-error`) a message may have been sent all the same, so that a second
    /// one may arrive.
    After(Duration),
    /// The message may have been sent: only where a second one does no harm.
    IfDuplicateAcceptable,
}
