//! What keeps an answer from coming, or from being one.

use core::fmt;

use super::Retry;

/// What broke an exchange. Before the request's first byte left it means [`Outcome::NotSent`](crate::Outcome::NotSent), after it
/// [`Outcome::Unknown`](crate::Outcome::Unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Failure {
    /// The host's name has no address, or the name server did not answer.
    Dns,
    /// No connection to the host.
    Connect,
    /// TLS could not be set up.
    Tls,
    /// The server's certificate is not one to trust with a token.
    Certificate,
    /// The device does not know the time, so no certificate can be checked.
    NoTime,
    /// A buffer is too small for the request, or, when that has left, for the answer.
    ///
    /// Before anything has left it is final, so it is not for what a server, or whoever poses as one, makes too large then: that
    /// is [`Tls`](Self::Tls), or [`Connect`](Self::Connect).
    Buffer,
    /// A text changed between counting its bytes and sending them.
    TextChanged,
    /// The deadline passed.
    TimedOut,
    /// The connection broke.
    ConnectionLost,
    /// What came back is not HTTP.
    MalformedHttp,
}

impl Failure {
    /// The word for it in [`Outcome`](crate::Outcome)'s table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::NoTime => "no-time",
            Self::Buffer => "buffer",
            Self::TextChanged => "text-changed",
            Self::TimedOut => "timed-out",
            Self::ConnectionLost => "connection-lost",
            Self::MalformedHttp => "malformed-http",
        }
    }

    pub(crate) const fn retry(self) -> Retry {
        match self {
            // The same buffers and the same text end the same way.
            Self::Buffer | Self::TextChanged => Retry::Never,
            _ => Retry::Now,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "the host's name could not be resolved",
            Self::Connect => "no connection to the host",
            Self::Tls => "TLS could not be set up",
            Self::Certificate => "the server's certificate cannot be trusted",
            Self::NoTime => "the time is not known, so no certificate can be checked",
            Self::Buffer => "a buffer is too small",
            Self::TextChanged => "a text changed while it was being sent",
            Self::TimedOut => "the deadline passed",
            Self::ConnectionLost => "the connection broke",
            Self::MalformedHttp => "what came back is not HTTP",
        })
    }
}

impl core::error::Error for Failure {}

/// Why nobody can tell what became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Unknown {
    /// The cause.
    pub cause: UnknownCause,
    /// The HTTP status, where one came.
    pub status: Option<u16>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        match self.status {
            Some(status) => write!(f, " (HTTP {status})"),
            None => Ok(()),
        }
    }
}

/// What was wrong with the answer, or kept it from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UnknownCause {
    /// The exchange broke.
    Failed(Failure),
    /// The answer is not JSON, or not all of it.
    MalformedJson,
    /// The answer does not say whether it is a success.
    MissingStatus,
    /// The answer to a message has no id.
    MissingId,
    /// The answer to a query does not have what was asked for.
    MissingField,
    /// A server error that is not in the API's envelope: some gateway's.
    Gateway,
}

impl UnknownCause {
    /// The word for it in [`Outcome`](crate::Outcome)'s table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.word(),
            Self::MalformedJson => "malformed-json",
            Self::MissingStatus => "missing-status",
            Self::MissingId => "missing-id",
            Self::MissingField => "missing-field",
            Self::Gateway => "gateway-error",
        }
    }
}

impl fmt::Display for UnknownCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => write!(f, "{failure} after the request had left"),
            Self::MalformedJson => f.write_str("the answer is not whole and valid JSON"),
            Self::MissingStatus => f.write_str("the answer does not say whether it is a success"),
            Self::MissingId => f.write_str("the answer has no message id"),
            Self::MissingField => f.write_str("the answer lacks what was asked for"),
            Self::Gateway => f.write_str("a gateway's error instead of the API's answer"),
        }
    }
}
