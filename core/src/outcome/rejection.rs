//! What the API says when it refuses.

use core::{fmt, time::Duration};

use super::Retry;
#[cfg(feature = "serde")]
use super::json::optional;
use super::sealed::Refused;
use crate::Captured;
use crate::answer::captured::Capture;
use crate::answer::{ERRORS, TEXT};
use crate::json::reader::KEY_MAX;
use crate::limits::{RATE_LIMIT_DEFAULT_WAIT_S, RETRY_AFTER_MAX_S, SERVER_ERROR_WAIT_S};

/// Why the API refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Rejection<const TEXT_MAX: usize = TEXT, const ERRORS_MAX: usize = ERRORS> {
    /// The reason, typed.
    pub reason: Reason,
    /// The HTTP status.
    pub status: u16,
    pub(crate) message: Captured<TEXT_MAX>,
    /// What it says of single fields.
    pub errors: FieldErrors<TEXT_MAX, ERRORS_MAX>,
    /// The wait in seconds that it asked for, if it did. [`Outcome::retry`](crate::Outcome::retry) keeps to it up to
    /// [`RETRY_AFTER_MAX_S`].
    pub retry_after_s: Option<u32>,
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> Rejection<TEXT_MAX, ERRORS_MAX> {
    /// The API's own words.
    #[must_use]
    pub fn message(&self) -> Option<&Captured<TEXT_MAX>> {
        self.message.text()
    }

    /// Whether the request was refused before the API took it in: it timed out while it arrived (408), came to the wrong server
    /// (421) or too early (425). RFC 9110 lets it be made again, and RFC 8470.
    pub(crate) fn was_not_taken_in(&self) -> bool {
        self.reason == Reason::Refused && matches!(self.status, 408 | 421 | 425)
    }
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> Refused for Rejection<TEXT_MAX, ERRORS_MAX> {
    fn reason(&self) -> Reason {
        self.reason
    }

    fn retry(&self) -> Retry {
        let default_wait_s = match self.reason {
            Reason::RateLimited => RATE_LIMIT_DEFAULT_WAIT_S,
            Reason::Server => SERVER_ERROR_WAIT_S,
            _ if self.was_not_taken_in() => SERVER_ERROR_WAIT_S,
            _ => return Retry::Never,
        };
        let wait_s = self.retry_after_s.unwrap_or(default_wait_s);
        Retry::After(Duration::from_secs(wait_s.min(RETRY_AFTER_MAX_S).into()))
    }

    #[cfg(feature = "serde")]
    fn entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("http_status", &self.status)?;
        optional(map, "message", self.message())?;
        optional(map, "retry_after_s", self.retry_after_s.as_ref())?;
        optional(
            map,
            "errors",
            (!self.errors.is_empty()).then_some(&self.errors),
        )
    }
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> fmt::Display
    for Rejection<TEXT_MAX, ERRORS_MAX>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {})", self.reason, self.status)?;
        if let Some(message) = self.message() {
            write!(f, ": {message}")?;
        }
        for error in &self.errors {
            write!(f, "; {error}")?;
        }
        if self.errors.omitted() > 0 {
            write!(f, "; and {} more", self.errors.omitted())?;
        }
        if let Some(seconds) = self.retry_after_s {
            write!(f, "; try again in {seconds} s")?;
        }
        Ok(())
    }
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reason {
    /// 2xx, but the body says `error`.
    ApiError,
    /// 400: the subdomain is wrong, as far as documented.
    BadRequest,
    /// 401: the token is missing or wrong.
    Token,
    /// 403: the token may not do this, or the plan does not include it.
    Ability,
    /// 404: no such message, template or endpoint.
    NotFound,
    /// 422: fields are wrong.
    Validation,
    /// The recipient has not written in the last 24 hours: only a template will reach them.
    WindowClosed,
    /// 429: too many requests.
    RateLimited,
    /// Another 4xx. After 408, 421 and 425 the request was not taken in, so it may be made again.
    Refused,
    /// 3xx: the host is wrong; redirects are not followed, for the token's sake.
    Redirected,
    /// 5xx in the API's own envelope.
    Server,
}

impl Reason {
    /// The word for it in [`Outcome`](crate::Outcome)'s table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ApiError => "api-error",
            Self::BadRequest => "bad-request",
            Self::Token => "token",
            Self::Ability => "ability",
            Self::NotFound => "not-found",
            Self::Validation => "validation",
            Self::WindowClosed => "window-closed",
            Self::RateLimited => "rate-limited",
            Self::Refused => "refused",
            Self::Redirected => "redirected",
            Self::Server => "server-error",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiError => "the API answered with an error",
            Self::BadRequest => "bad request",
            Self::Token => "the token was not accepted",
            Self::Ability => "the token or the plan does not allow this",
            Self::NotFound => "not found",
            Self::Validation => "validation failed",
            Self::WindowClosed => {
                "the 24-hour window is closed, only a template reaches this recipient"
            }
            Self::RateLimited => "too many requests",
            Self::Refused => "refused",
            Self::Redirected => "redirected elsewhere, which is never followed",
            Self::Server => "the server failed",
        })
    }
}

/// What the API says of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct FieldError<const TEXT_MAX: usize = TEXT> {
    /// The field's name with dots, such as `buttons.0.title`; empty where the API named none.
    pub field: Captured<KEY_MAX>,
    /// What is wrong with it.
    pub message: Captured<TEXT_MAX>,
}

impl<const TEXT_MAX: usize> fmt::Display for FieldError<TEXT_MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.as_str().is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        self.message.fmt(f)
    }
}

/// The first `ERRORS_MAX` field errors of an answer, one entry a text, in the order in which they came.
#[derive(Clone, Copy)]
pub struct FieldErrors<const TEXT_MAX: usize = TEXT, const ERRORS_MAX: usize = ERRORS> {
    /// How many there were, whether they fit or not.
    count: u32,
    /// Nothing as long as there are none, as in most answers: that spares clearing the room for them. What stands behind
    /// `count` means nothing.
    kept: Option<[FieldError<TEXT_MAX>; ERRORS_MAX]>,
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> FieldErrors<TEXT_MAX, ERRORS_MAX> {
    /// Room for them, cleared.
    const ROOM: [FieldError<TEXT_MAX>; ERRORS_MAX] = [FieldError {
        field: Captured::new(),
        message: Captured::new(),
    }; ERRORS_MAX];

    pub(crate) const fn new() -> Self {
        Self {
            count: 0,
            kept: None,
        }
    }

    fn count(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.count = 0;
    }

    /// Where the text of the last error goes, or, where one `begins`, of a new one for this field.
    pub(crate) fn slot(
        &mut self,
        field: &Capture<[u8]>,
        begins: bool,
    ) -> Option<&mut Capture<[u8]>> {
        if begins {
            self.count = self.count.saturating_add(1);
            if self.kept.is_none() {
                self.kept = Some(Self::ROOM);
            }
        }
        let last = self.count().wrapping_sub(1);
        let error = self.kept.as_mut()?.get_mut(last)?;
        if begins {
            error.field.any().copy_from(field);
        }
        Some(error.message.any())
    }

    /// Those that were kept.
    pub fn iter(&self) -> core::slice::Iter<'_, FieldError<TEXT_MAX>> {
        let kept = self
            .kept
            .as_ref()
            .map_or(&[][..], |kept| kept.get(..self.count()).unwrap_or(kept));
        kept.iter()
    }

    /// Whether the answer had none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there was no room for.
    #[must_use]
    pub fn omitted(&self) -> u16 {
        u16::try_from(self.count().saturating_sub(ERRORS_MAX)).unwrap_or(u16::MAX)
    }
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> Default for FieldErrors<TEXT_MAX, ERRORS_MAX> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> PartialEq
    for FieldErrors<TEXT_MAX, ERRORS_MAX>
{
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other)
    }
}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> Eq for FieldErrors<TEXT_MAX, ERRORS_MAX> {}

impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> fmt::Debug
    for FieldErrors<TEXT_MAX, ERRORS_MAX>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(feature = "defmt")]
impl<const TEXT_MAX: usize, const ERRORS_MAX: usize> defmt::Format
    for FieldErrors<TEXT_MAX, ERRORS_MAX>
{
    fn format(&self, f: defmt::Formatter<'_>) {
        for error in self {
            defmt::write!(f, "{}; ", error);
        }
    }
}

impl<'a, const TEXT_MAX: usize, const ERRORS_MAX: usize> IntoIterator
    for &'a FieldErrors<TEXT_MAX, ERRORS_MAX>
{
    type Item = &'a FieldError<TEXT_MAX>;
    type IntoIter = core::slice::Iter<'a, FieldError<TEXT_MAX>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
