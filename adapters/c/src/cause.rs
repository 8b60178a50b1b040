//! Why a request was not accepted: the core's reasons, failures and unknown causes, each with a number.

use xobito_core::outbox::{End, FailedBecause};
use xobito_core::{Failure, Reason, UnknownCause};

use crate::error::{XobitoError, XobitoStatus};
use crate::memory::{Call, XobitoText};

/// Why a request was not accepted. `xobito_cause_word` gives the word for each.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoCause {
    /// It was accepted.
    None = 0,
    /// 2xx, but the body says `error`.
    ApiError = 1,
    /// 400: the subdomain is wrong, as far as documented.
    BadRequest = 2,
    /// 401: the token is missing or wrong.
    Token = 3,
    /// 403: the token may not do this, or the plan does not include it.
    Ability = 4,
    /// 404: no such message, template or endpoint.
    NotFound = 5,
    /// 422: fields are wrong.
    Validation = 6,
    /// The recipient has not written in the last 24 hours: only a template will reach them.
    WindowClosed = 7,
    /// 429: too many requests.
    RateLimited = 8,
    /// Another 4xx.
    Refused = 9,
    /// 3xx: the host is wrong; a redirect must not be followed, for the token's sake.
    Redirected = 10,
    /// 5xx in the API's own envelope.
    Server = 11,
    /// The host's name has no address, or the name server did not answer.
    Dns = 20,
    /// No connection to the host.
    Connect = 21,
    /// TLS could not be set up.
    Tls = 22,
    /// The server's certificate is not one to trust with a token.
    Certificate = 23,
    /// The device does not know the time, so no certificate can be checked.
    NoTime = 24,
    /// A buffer is too small for the request, or, when that has left, for the answer. Before anything has left it is final, so
    /// it is not for what a server, or whoever poses as one, makes too large then: that is `XOBITO_CAUSE_TLS`.
    Buffer = 25,
    /// A text changed between counting its bytes and sending them.
    TextChanged = 26,
    /// The deadline passed.
    TimedOut = 27,
    /// The connection broke.
    ConnectionLost = 28,
    /// What came back is not HTTP.
    MalformedHttp = 29,
    /// The answer is not JSON, or not all of it.
    MalformedJson = 40,
    /// The answer does not say whether it is a success.
    MissingStatus = 41,
    /// The answer to a message has no id.
    MissingId = 42,
    /// The answer to a query does not have what was asked for.
    MissingField = 43,
    /// A server error that is not in the API's envelope: some gateway's.
    Gateway = 44,
    /// Of an outbox: the API took it, and reported later that it failed.
    Undeliverable = 60,
    /// Not known to this header.
    Other = 99,
}

/// The word for a cause (`xobito_cause_t`), such as `window-closed`; it is not ended by NUL and lasts for ever. That of
/// `XOBITO_CAUSE_NONE` is empty.
///
/// # Safety
/// `word` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_cause_word(cause: i32, word: *mut XobitoText) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.out(word) }.and_then(|out| match cause_word(cause) {
        Some(word) => {
            out.set(XobitoText::of(word));
            Ok(XobitoStatus::Ok)
        }
        None => Err(call.refuse(XobitoError::Value)),
    });
    call.code(&result)
}

type Cause = XobitoCause;

const REASONS: [(Reason, Cause); 11] = [
    (Reason::ApiError, Cause::ApiError),
    (Reason::BadRequest, Cause::BadRequest),
    (Reason::Token, Cause::Token),
    (Reason::Ability, Cause::Ability),
    (Reason::NotFound, Cause::NotFound),
    (Reason::Validation, Cause::Validation),
    (Reason::WindowClosed, Cause::WindowClosed),
    (Reason::RateLimited, Cause::RateLimited),
    (Reason::Refused, Cause::Refused),
    (Reason::Redirected, Cause::Redirected),
    (Reason::Server, Cause::Server),
];

const FAILURES: [(Failure, Cause); 10] = [
    (Failure::Dns, Cause::Dns),
    (Failure::Connect, Cause::Connect),
    (Failure::Tls, Cause::Tls),
    (Failure::Certificate, Cause::Certificate),
    (Failure::NoTime, Cause::NoTime),
    (Failure::Buffer, Cause::Buffer),
    (Failure::TextChanged, Cause::TextChanged),
    (Failure::TimedOut, Cause::TimedOut),
    (Failure::ConnectionLost, Cause::ConnectionLost),
    (Failure::MalformedHttp, Cause::MalformedHttp),
];

const UNKNOWNS: [(UnknownCause, Cause); 5] = [
    (UnknownCause::MalformedJson, Cause::MalformedJson),
    (UnknownCause::MissingStatus, Cause::MissingStatus),
    (UnknownCause::MissingId, Cause::MissingId),
    (UnknownCause::MissingField, Cause::MissingField),
    (UnknownCause::Gateway, Cause::Gateway),
];

impl XobitoCause {
    pub(crate) fn of_reason(reason: Reason) -> Self {
        number(&REASONS, &reason)
    }

    pub(crate) fn of_failure(failure: Failure) -> Self {
        number(&FAILURES, &failure)
    }

    pub(crate) fn of_unknown(cause: UnknownCause) -> Self {
        match cause {
            UnknownCause::Failed(failure) => Self::of_failure(failure),
            cause => number(&UNKNOWNS, &cause),
        }
    }

    #[allow(clippy::as_conversions)] // The one way from an enum to its number.
    pub(crate) const fn code(self) -> i32 {
        self as i32
    }
}

/// The failure that a cause tells, if it is one.
pub(crate) fn failure(cause: i32) -> Option<Failure> {
    named(&FAILURES, cause)
}

fn cause_word(cause: i32) -> Option<&'static str> {
    if cause == Cause::None.code() {
        return Some("");
    }
    if cause == Cause::Undeliverable.code() {
        return End::Failed(FailedBecause::Undeliverable).cause();
    }
    named(&REASONS, cause)
        .map(Reason::word)
        .or_else(|| failure(cause).map(Failure::word))
        .or_else(|| named(&UNKNOWNS, cause).map(UnknownCause::word))
}

fn number<T: PartialEq>(table: &[(T, Cause)], wanted: &T) -> Cause {
    let row = table.iter().find(|(name, _)| name == wanted);
    row.map_or(Cause::Other, |(_, cause)| *cause)
}

fn named<T: Copy>(table: &[(T, Cause)], wanted: i32) -> Option<T> {
    let row = table.iter().find(|(_, cause)| cause.code() == wanted);
    row.map(|(name, _)| *name)
}
