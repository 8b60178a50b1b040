//! Requests in memory that a host has plenty of.

use xobito_core::message::Message;
use xobito_core::{BorrowedRequest, Endpoint, InvalidMessage, Kind, Request, Streamed, Warning};

/// A message that is encoded and ready to be sent: a device's [`Request`] or a host's [`OwnedRequest`].
pub trait Encoded {
    /// Which kind of send it is.
    fn kind(&self) -> Kind;
    /// The JSON body.
    fn body(&self) -> &[u8];
}

impl<const N: usize> Encoded for Request<N> {
    fn kind(&self) -> Kind {
        Request::kind(self)
    }

    fn body(&self) -> &[u8] {
        Request::body(self)
    }
}

impl Encoded for BorrowedRequest<'_> {
    fn kind(&self) -> Kind {
        BorrowedRequest::kind(self)
    }

    fn body(&self) -> &[u8] {
        BorrowedRequest::body(self)
    }
}

/// A message, checked and encoded, in as much memory as it takes. Its bytes are those of a device's [`Request`].
///
/// # Examples
/// ```
/// use xobito_std::OwnedRequest;
/// use xobito_std::core::{E164, checked, message::TextMessage};
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let request = OwnedRequest::new(&TextMessage::new(&ON_CALL, "Freezer 3 is open"))?;
/// assert!(request.body().ends_with(br#""message_type":"text"}"#));
/// # Ok::<(), xobito_std::core::InvalidMessage>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRequest {
    kind: Kind,
    body: Vec<u8>,
    warning: Option<Warning>,
}

impl OwnedRequest {
    /// Checks and encodes a message.
    ///
    /// # Errors
    /// [`InvalidMessage`] names the field and the rule. A text whose `Display` does not write the same each time is
    /// [`InvalidMessage::Unformattable`] for the body, wherever it stands.
    pub fn new<M: Message>(message: &M) -> Result<Self, InvalidMessage> {
        let mut streamed = Streamed::new(message)?;
        let mut body = vec![0; streamed.content_length()];
        streamed
            .next_piece(&mut body)
            .map_err(|_| InvalidMessage::Unformattable {
                field: xobito_core::Field::MessageBody,
            })?;
        Ok(Self {
            kind: streamed.kind(),
            body,
            warning: streamed.warning(),
        })
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
        &self.body
    }

    /// What Meta will probably refuse, although the API documents it as fine.
    #[must_use]
    pub const fn warning(&self) -> Option<Warning> {
        self.warning
    }
}

impl Encoded for OwnedRequest {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn body(&self) -> &[u8] {
        &self.body
    }
}

impl<'b> From<&'b OwnedRequest> for BorrowedRequest<'b> {
    #[allow(clippy::expect_used)] // What the encoder wrote is an object.
    fn from(request: &'b OwnedRequest) -> Self {
        Self::from_parts(request.kind, &request.body).expect("an object")
    }
}
