//! From a message to the bytes of a request: checked, encoded, and with its head as text.

mod encoder;
mod endpoint;
mod head;
mod streamed;

pub use endpoint::{Endpoint, Kind, Method};
pub use head::{ACCEPT, CONTENT_TYPE, Head};
pub use streamed::{Progress, Streamed, TextChanged, WriteError};

use core::fmt;

use crate::answer::is_json;
use crate::message::wire::Object;
use crate::message::{InvalidMessage, Message, PhoneQuery, Warning};
use encoder::{Encoder, Measured};

/// A message, checked and encoded, in a buffer of `N` bytes: what is queued, stored and sent.
///
/// A text alert of 160 characters takes about 240 bytes: the text, 75 bytes around it, and one more for each quote,
/// backslash and newline in it. [`Streamed`] sends what is larger than a buffer can be.
///
/// # Examples
/// ```
/// use xobito_core::{E164, Request, RequestError, checked, message::TextMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let message = TextMessage::new(&ON_CALL, "Freezer 3 is open");
/// assert_eq!(Request::<256>::new(&message)?.body().len(), 88);
/// // Nothing is ever cut: what does not fit is refused, with the size that would have been enough.
/// assert_eq!(Request::<64>::new(&message).unwrap_err(), RequestError::BufferTooSmall { capacity: 64, needed: 88 });
/// # Ok::<(), RequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<const N: usize> {
    kind: Kind,
    body: Body<N>,
    warning: Option<Warning>,
}

impl<const N: usize> Request<N> {
    /// Checks and encodes a message.
    ///
    /// # Errors
    /// [`RequestError::Invalid`] names the field and the rule, [`RequestError::BufferTooSmall`] the size needed.
    pub fn new<M: Message>(message: &M) -> Result<Self, RequestError> {
        let mut request = Ok(Self {
            kind: M::KIND,
            body: Body::EMPTY,
            warning: None,
        });
        // Written where it stays: it is too large to be moved about.
        if let Ok(Self { body, warning, .. }) = &mut request {
            *warning = body.fill(message)?;
        }
        request
    }

    /// Which kind of send it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it is to be posted.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint<'static> {
        self.kind.endpoint()
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.bytes()
    }

    /// What Meta will probably refuse, although the API documents it as fine.
    #[must_use]
    pub const fn warning(&self) -> Option<Warning> {
        self.warning
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Request<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Request({}, {=usize} bytes)",
            self.kind,
            self.body().len()
        );
    }
}

/// A message, checked and encoded, in a buffer that is somebody else's. See [`encode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BorrowedRequest<'b> {
    kind: Kind,
    body: &'b [u8],
    warning: Option<Warning>,
}

/// Checks a message and encodes it into a buffer, such as a static one that every message shares.
///
/// # Examples
/// ```
/// use xobito_core::{E164, checked, encode, message::TextMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let mut buffer = [0; 256];
/// let request = encode(&TextMessage::new(&ON_CALL, "Freezer 3 is open"), &mut buffer)?;
/// assert_eq!(request.body().len(), 88);
/// # Ok::<(), xobito_core::RequestError>(())
/// ```
///
/// # Errors
/// [`RequestError::Invalid`] names the field and the rule, [`RequestError::BufferTooSmall`] the size needed. What the
/// buffer holds is then of no use.
pub fn encode<'b, M: Message>(
    message: &M,
    buffer: &'b mut [u8],
) -> Result<BorrowedRequest<'b>, RequestError> {
    BorrowedRequest::encode(M::KIND, buffer, &|encoder| message.members(encoder))
}

impl<'b> BorrowedRequest<'b> {
    /// A request that was encoded elsewhere or read from a store, held against no rule but that it is a JSON object.
    ///
    /// # Errors
    /// [`NotAnObject`] where the body is anything else.
    pub fn from_parts(kind: Kind, body: &'b [u8]) -> Result<Self, NotAnObject> {
        match body {
            [b'{', ..] if is_json(body) => Ok(Self::stored(kind, body)),
            _ => Err(NotAnObject),
        }
    }

    fn encode(
        kind: Kind,
        buffer: &'b mut [u8],
        members: &dyn Fn(&mut Encoder<'_>),
    ) -> Result<Self, RequestError> {
        let Measured { len, warning } = encode_members(buffer, members)?;
        let body = buffer.get(..len).unwrap_or_default();
        Ok(Self {
            kind,
            body,
            warning,
        })
    }

    /// A request that was checked before.
    pub(crate) const fn stored(kind: Kind, body: &'b [u8]) -> Self {
        Self {
            kind,
            body,
            warning: None,
        }
    }

    /// Which kind of send it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it is to be posted.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint<'static> {
        self.kind.endpoint()
    }

    /// The JSON body.
    #[must_use]
    pub const fn body(&self) -> &'b [u8] {
        self.body
    }

    /// What Meta will probably refuse, although the API documents it as fine.
    #[must_use]
    pub const fn warning(&self) -> Option<Warning> {
        self.warning
    }
}

impl<'b, const N: usize> From<&'b Request<N>> for BorrowedRequest<'b> {
    fn from(request: &'b Request<N>) -> Self {
        Self {
            kind: request.kind(),
            body: request.body(),
            warning: request.warning(),
        }
    }
}

/// What is to be sent is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotAnObject;

impl fmt::Display for NotAnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of a request is a JSON object")
    }
}

impl core::error::Error for NotAnObject {}

#[cfg(feature = "defmt")]
impl defmt::Format for BorrowedRequest<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "BorrowedRequest({}, {=usize} bytes)",
            self.kind,
            self.body.len()
        );
    }
}

/// Encodes an object, whatever its type: only its members are named by code of its own.
fn encode_members(
    buffer: &mut [u8],
    members: &dyn Fn(&mut Encoder<'_>),
) -> Result<Measured, RequestError> {
    let capacity = buffer.len();
    let measured = Encoder::new(buffer).run(members)?;
    if measured.len > capacity {
        return Err(RequestError::BufferTooSmall {
            capacity,
            needed: measured.len,
        });
    }
    Ok(measured)
}

/// Checks an object against all its rules and counts its bytes.
pub(crate) fn count(object: &impl Object) -> Result<Measured, InvalidMessage> {
    Encoder::new(&mut []).run(&|encoder| object.members(encoder))
}

/// Why a message did not become a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RequestError {
    /// The message breaks a rule of the API.
    Invalid(InvalidMessage),
    /// The body does not fit into the request's buffer.
    BufferTooSmall {
        /// Bytes that the buffer has.
        capacity: usize,
        /// Bytes that the body has.
        needed: usize,
    },
}

impl From<InvalidMessage> for RequestError {
    fn from(error: InvalidMessage) -> Self {
        Self::Invalid(error)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::BufferTooSmall { capacity, needed } => {
                write!(f, "the request has {needed} bytes, its buffer {capacity}")
            }
        }
    }
}

impl core::error::Error for RequestError {}

/// The encoded question about a phone number: the largest fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneRequest(Body<{ PhoneQuery::BODY_MAX }>);

impl PhoneRequest {
    /// Encodes the question.
    ///
    /// # Errors
    /// None that a [`PhoneQuery`] can provoke: its length was checked and the buffer fits the longest.
    pub fn new(query: &PhoneQuery<'_>) -> Result<Self, RequestError> {
        let mut body = Body::EMPTY;
        body.fill(query)?;
        Ok(Self(body))
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.0.bytes()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for PhoneRequest {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "PhoneRequest({=usize} bytes)", self.body().len());
    }
}

/// A JSON body of at most `N` bytes.
#[derive(Clone)]
struct Body<const N: usize> {
    /// The body; what stands behind it means nothing.
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> PartialEq for Body<N> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl<const N: usize> Eq for Body<N> {}

impl<const N: usize> Body<N> {
    const EMPTY: Self = Self {
        bytes: [0; N],
        len: 0,
    };

    fn fill(&mut self, object: &impl Object) -> Result<Option<Warning>, RequestError> {
        let Measured { len, warning } =
            encode_members(&mut self.bytes, &|encoder| object.members(encoder))?;
        self.len = len;
        Ok(warning)
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Debug for Body<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(core::str::from_utf8(self.bytes()).unwrap_or_default(), f)
    }
}

#[cfg(test)]
mod tests;
