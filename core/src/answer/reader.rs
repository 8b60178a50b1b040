//! From the bytes of an answer to its outcome.

use core::fmt;

use super::extract::{Extract, Kept, Picker, Status};
use super::wait::{WAIT_MAX, seconds};
use super::window::tells_of_window;
use super::{Answer, Captured, ERRORS, TEXT};
use crate::json::reader::Reader;
use crate::outcome::{Failure, Outcome, Reason, Rejection, Unknown, UnknownCause};

/// Reads an answer while it arrives, and decides what became of the request.
///
/// It needs the same kilobyte for any answer. `TEXT_MAX` and `ERRORS_MAX` set how much of the API's words is
/// kept; how much of `A` is kept is `A`'s own matter.
///
/// # Examples
/// ```
/// use xobito_core::{Accepted, AnswerReader, End, Outcome};
///
/// let mut reader = AnswerReader::<Accepted>::new();
/// reader.status(200);
/// reader.feed(br#"{"status":"success","data":{"mess"#); // in whatever chunks the network brings
/// reader.feed(br#"age_id":"wamid.HBgL","contact_id":451}}"#);
/// let Outcome::Accepted(accepted) = reader.finish(End::Complete) else { panic!() };
/// assert_eq!(accepted.message_id.as_str(), "wamid.HBgL");
/// assert_eq!(accepted.contact_id(), Some(451));
/// ```
#[repr(C)] // What is small comes first: behind what is kept it would take longer instructions to reach.
pub struct AnswerReader<A, const TEXT_MAX: usize = TEXT, const ERRORS_MAX: usize = ERRORS> {
    json: Reader,
    extract: Extract,
    kept: Kept<A, TEXT_MAX, ERRORS_MAX>,
}

/// How an exchange ended, as the transport saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum End {
    /// The answer is complete, as far as HTTP can tell.
    Complete,
    /// The exchange broke.
    Failed {
        /// Whether a byte of the request may have left.
        request_left: bool,
        /// What happened.
        failure: Failure,
    },
}

impl<A: Answer, const TEXT_MAX: usize, const ERRORS_MAX: usize>
    AnswerReader<A, TEXT_MAX, ERRORS_MAX>
{
    /// Ready for an answer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            json: Reader::new(),
            extract: Extract::new(),
            kept: Kept::new(),
        }
    }

    /// The HTTP status came. To be told before the body. 0 is no status.
    pub const fn status(&mut self, status: u16) {
        self.kept.rejection.status = status;
    }

    /// A `Retry-After` header came. Seconds are understood, a fraction is rounded up; a date is not, for want of a clock.
    pub fn retry_after(&mut self, value: &str) {
        self.kept.rejection.retry_after_s = seconds(value.as_bytes().trim_ascii());
    }

    /// A chunk of the body came.
    pub fn feed(&mut self, chunk: &[u8]) {
        if !self.json.is_malformed() {
            // That it is malformed is remembered, and looked at when the answer ends.
            let mut picker = Picker {
                extract: &mut self.extract,
                kept: &mut self.kept,
                members: A::MEMBERS,
            };
            let _ = self.json.feed(chunk, &mut picker);
        }
    }

    /// Whether the rest of the body cannot change the outcome any more, so that reading on is a waste.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.json.is_malformed()
    }

    /// The exchange ended; what became of the request?
    ///
    /// The outcome borrows the reader and what it kept, so that a device needs the room for it only once;
    /// [`Outcome::cloned`] makes one that outlives the reader. Asked again, it is the same; of an answer that is fed after
    /// this nothing is promised.
    #[must_use]
    pub fn finish(&mut self, end: End) -> Outcome<&A, &Rejection<TEXT_MAX, ERRORS_MAX>> {
        let status = self.kept.http_status();
        let verdict = verdict(
            status,
            self.kept.status(),
            &self.json,
            end,
            self.kept.answer.missing(),
        );
        let Kept {
            retry_after,
            answer,
            rejection,
            ..
        } = &mut self.kept;
        match verdict {
            Verdict::Accepted => {
                answer.complete(rejection.message.any());
                Outcome::Accepted(answer)
            }
            Verdict::Rejected(reason) => {
                let is_in_wait = self.extract.is_in_wait(&self.json);
                let retry_after = (!is_in_wait).then_some(&*retry_after);
                refuse(rejection, reason, retry_after, self.extract.errors_tell);
                Outcome::Rejected(rejection)
            }
            Verdict::NotSent(failure) => Outcome::NotSent(failure),
            Verdict::Unknown(cause) => Outcome::Unknown(Unknown { cause, status }),
        }
    }
}

/// Notes in a rejection what is known of it only in the end: why, and the wait that the answer asks for, unless it broke off
/// in it. Else the header's wait stays.
fn refuse<const TEXT_MAX: usize, const ERRORS_MAX: usize>(
    rejection: &mut Rejection<TEXT_MAX, ERRORS_MAX>,
    reason: Reason,
    retry_after: Option<&Captured<WAIT_MAX>>,
    errors_tell: bool,
) {
    let wait = retry_after.filter(|wait| !wait.is_cut());
    let wait_s = wait.and_then(|wait| seconds(wait.as_bytes()));
    rejection.retry_after_s = wait_s.or(rejection.retry_after_s);
    let tells_of_window = errors_tell
        || rejection.message.tells_of_window()
        || tells_of_window(rejection.message.as_bytes());
    rejection.reason = sharpened(reason, tells_of_window);
}

/// What an answer comes to.
enum Verdict {
    Accepted,
    Rejected(Reason),
    NotSent(Failure),
    Unknown(UnknownCause),
}

/// What becomes of a request by what was seen: the table in [`Outcome`].
///
/// `missing` is what is lacking for a success.
fn verdict(
    status: Option<u16>,
    said: Status,
    json: &Reader,
    end: End,
    missing: Option<UnknownCause>,
) -> Verdict {
    let failure = match end {
        End::Complete => None,
        End::Failed {
            request_left: false,
            failure,
        } => return Verdict::NotSent(failure),
        End::Failed {
            request_left: true,
            failure,
        } => Some(failure),
    };
    let Some(status) = status else {
        return Verdict::Unknown(UnknownCause::Failed(
            failure.unwrap_or(Failure::MalformedHttp),
        ));
    };
    Verdict::Unknown(match status {
        200..=299 => match (json.is_whole(), said) {
            (true, Status::Error) => return Verdict::Rejected(Reason::ApiError),
            (true, Status::Success) => match missing {
                None => return Verdict::Accepted,
                Some(cause) => cause,
            },
            (true, _) => UnknownCause::MissingStatus,
            // What was cut off broke with the connection; what is wrong in itself was sent like that.
            (false, _) => match failure {
                Some(failure) if !json.is_malformed() => UnknownCause::Failed(failure),
                _ => UnknownCause::MalformedJson,
            },
        },
        300..=399 => return Verdict::Rejected(Reason::Redirected),
        400..=499 => {
            let reason = match status {
                400 => Reason::BadRequest,
                401 => Reason::Token,
                403 => Reason::Ability,
                404 => Reason::NotFound,
                422 => Reason::Validation,
                429 => Reason::RateLimited,
                _ => Reason::Refused,
            };
            return Verdict::Rejected(reason);
        }
        500..=599 if json.is_whole() && said == Status::Error => {
            return Verdict::Rejected(Reason::Server);
        }
        500..=599 => UnknownCause::Gateway,
        _ => UnknownCause::Failed(Failure::MalformedHttp),
    })
}

/// The reason, when it is known whether the texts say that the window is closed.
const fn sharpened(reason: Reason, window_closed: bool) -> Reason {
    match reason {
        // These have a reason of their own, whatever their texts mention.
        Reason::Token | Reason::RateLimited | Reason::Redirected => reason,
        _ if window_closed => Reason::WindowClosed,
        _ => reason,
    }
}

impl<A: Answer, const TEXT_MAX: usize, const ERRORS_MAX: usize> Default
    for AnswerReader<A, TEXT_MAX, ERRORS_MAX>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<A, const TEXT_MAX: usize, const ERRORS_MAX: usize> fmt::Debug
    for AnswerReader<A, TEXT_MAX, ERRORS_MAX>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerReader")
            .field("status", &self.kept.http_status())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<A, const TEXT_MAX: usize, const ERRORS_MAX: usize> defmt::Format
    for AnswerReader<A, TEXT_MAX, ERRORS_MAX>
{
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "AnswerReader({})", self.kept.http_status());
    }
}
