//! The client: one request after the other, over one connection as long as that is safe.
//!
//! ```text
//!            Nothing open <--------------------------------------------+
//!                 |                                                    |
//!     resolve, connect, handshake, each address in turn                |
//!                 v                                                    |
//!               Open -- head, body --> Waiting -- answer complete --> Open, idle
//!                 ^      (bytes may         |                          |
//!                 |       have left)        +-- anything else --> closed
//!                 +---- still alive, not too old: next request --------+
//! ```
//! What an answer means is not decided here but by `xobito-core`'s `AnswerReader`, which is told what happened.

mod connect;
mod exchange;
mod head;
mod line;

use core::future::Future;

use embassy_time::{Duration, Instant, with_deadline};
use embedded_nal_async::TcpConnect;
use xobito_core::{
    Accepted, Account, Answer, AnswerReader, BorrowedRequest, Delivery, End, Endpoint, Failure,
    Message, MessageId, Outcome, PhoneQuery, PhoneRequest, Streamed, Validation,
};

use crate::buffers::Buffers;
use crate::platform::{Parts, Platform};
use crate::tls::{EmbeddedTls, Tls, TlsError, TrustAnchors};
use crate::wait::after;
use exchange::{Pieces, Sink, Whole};
use line::{Line, Session};

/// The TLS that a client uses unless it is given another: embedded-tls, with the platform's randomness and clock.
pub type DefaultTls<'a, P> =
    EmbeddedTls<'a, &'a mut <P as Platform>::Rng, &'a <P as Platform>::Clock>;

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Config {
    /// For a whole operation: name look-up, connecting, handshake, request and answer. Default: 30 s.
    ///
    /// It is checked between computations, of which the longest is the check of the server's certificates: allow for that
    /// on a slow device.
    pub deadline: Duration,
    /// An open connection that was not used for so long is not used any more. Default: 30 s.
    ///
    /// Routers on the way forget idle connections without a word, and a request into one of those ends as
    /// `Unknown(TimedOut)`. Most servers close theirs after 60 s or more, and say so.
    pub idle_limit: Duration,
    /// An open connection that is so old is not used any more, so that certificates are checked again from time to
    /// time. Default: 1 h.
    pub age_limit: Duration,
}

impl Config {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        deadline: Duration::from_secs(30),
        idle_limit: Duration::from_secs(30),
        age_limit: Duration::from_secs(60 * 60),
    };
}

impl Default for Config {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Sends messages and asks after them, for one account on one [`Platform`].
///
/// Every operation returns what became of it as an [`Outcome`] within [`Config::deadline`], whatever the network does.
/// A connection is kept open after an answer that allows it, and used again if it is neither closed nor too old. A request is never repeated:
/// once its first byte may have left, whatever goes wrong is `Unknown`.
///
/// # Cancellation safety
/// The future of any operation may be dropped at any point. The connection is then closed at once and never used again,
/// and [`Client::request_left`] tells whether a byte of that request may have left: if not, it is safe to send it again;
/// if so, its outcome is unknown.
///
/// # Examples
/// See the crate's front page.
pub struct Client<'a, P: Platform + 'a, T = DefaultTls<'a, P>> {
    account: Account<'a>,
    tcp: &'a P::Tcp,
    resolver: &'a P::Resolver,
    tls: T,
    scratch: &'a mut [u8],
    config: Config,
    /// An idle connection, ready for another request. While one is used, it is not here.
    idle: Option<Line<<P::Tcp as TcpConnect>::Connection<'a>>>,
    request_left: bool,
    tls_error: Option<TlsError>,
}

impl<'a, P: Platform> Client<'a, P> {
    /// A client that trusts servers under `anchors`. It connects when there is something to send.
    pub fn new<const RECEIVE: usize, const SEND: usize, const SCRATCH: usize>(
        platform: &'a mut P,
        account: Account<'a>,
        anchors: TrustAnchors<'a>,
        buffers: &'a mut Buffers<RECEIVE, SEND, SCRATCH>,
    ) -> Self {
        let Parts {
            tcp,
            resolver,
            rng,
            clock,
        } = platform.parts();
        let tls = EmbeddedTls::new(anchors, rng, clock, &mut buffers.receive, &mut buffers.send);
        Self::with_tls(tcp, resolver, tls, account, &mut buffers.scratch)
    }
}

impl<'a, P: Platform, T: Tls> Client<'a, P, T> {
    /// A client over another TLS, made of the platform's other parts.
    ///
    /// `scratch` is sized as in [`Buffers`].
    pub const fn with_tls(
        tcp: &'a P::Tcp,
        resolver: &'a P::Resolver,
        tls: T,
        account: Account<'a>,
        scratch: &'a mut [u8],
    ) -> Self {
        Self {
            account,
            tcp,
            resolver,
            tls,
            scratch,
            config: Config::DEFAULT,
            idle: None,
            request_left: false,
            tls_error: None,
        }
    }

    /// Sends a message: a [`Request`](xobito_core::Request), or one that lies in somebody else's memory.
    ///
    /// # Cancellation safety
    /// See [`Client`].
    pub fn send<'r>(
        &mut self,
        request: impl Into<BorrowedRequest<'r>>,
    ) -> impl Future<Output = Outcome<Accepted>> {
        let request = request.into();
        let mut body = Whole::new(request.body());
        self.begin();
        async move { self.ask(request.endpoint(), Some(&mut body)).await }
    }

    /// Sends a message that is encoded in pieces, from its beginning, through the scratch buffer.
    ///
    /// # Cancellation safety
    /// See [`Client`].
    pub fn send_streamed<M: Message>(
        &mut self,
        message: &mut Streamed<'_, M>,
    ) -> impl Future<Output = Outcome<Accepted>> {
        message.rewind();
        self.begin();
        async move { self.ask(message.endpoint(), Some(message)).await }
    }

    /// Asks what became of a message.
    ///
    /// # Cancellation safety
    /// See [`Client`].
    pub fn status(&mut self, message: &MessageId) -> impl Future<Output = Outcome<Delivery>> {
        self.begin();
        async move { self.ask(Endpoint::Status(message), None).await }
    }

    /// Asks whether a text is a well-formed phone number.
    ///
    /// # Cancellation safety
    /// See [`Client`].
    pub fn validate(
        &mut self,
        query: &PhoneQuery<'_>,
    ) -> impl Future<Output = Outcome<Validation>> {
        self.begin();
        async move {
            let Ok(request) = PhoneRequest::new(query) else {
                return Outcome::NotSent(Failure::Buffer);
            };
            let mut body = Whole::new(request.body());
            self.ask(Endpoint::Validate, Some(&mut body)).await
        }
    }

    /// Closes the connection, if one is open, with a goodbye to the server that takes no longer than the deadline.
    ///
    /// Not needed for correctness: it spares the server the wait, and the device the memory of a socket.
    ///
    /// # Cancellation safety
    /// If the future is dropped, the connection is closed without the goodbye.
    pub async fn disconnect(&mut self) {
        let deadline = after(self.config.deadline);
        if let Some(mut line) = self.idle.take() {
            let session = Session::new(&mut self.tls);
            // It is closed in any case.
            let _ = with_deadline(deadline, session.goodbye(&mut line, deadline)).await;
        }
    }

    /// Whether a byte of the last request may have left the device.
    ///
    /// Of use after a future was dropped; otherwise the outcome says it, too.
    #[must_use]
    pub const fn request_left(&self) -> bool {
        self.request_left
    }

    /// What went wrong with TLS in the last operation, in more detail than an outcome has. Of several addresses that failed, it
    /// is that of the one whose failure the outcome tells of.
    #[must_use]
    pub const fn tls_error(&self) -> Option<TlsError> {
        self.tls_error
    }

    /// How long things may take.
    #[must_use]
    pub const fn config(&self) -> Config {
        self.config
    }

    /// Decides how long things may take from now on.
    pub const fn set_config(&mut self, config: Config) {
        self.config = config;
    }

    /// Whose messages they are from now on. An open connection is closed unless the host stays the same.
    pub fn set_account(&mut self, account: Account<'a>) {
        if account.host() != self.account.host() {
            self.close();
        }
        self.account = account;
    }

    /// The TLS below, for settings of its own such as [`EmbeddedTls::set_trust_anchors`]. An open connection is closed.
    pub fn tls_mut(&mut self) -> &mut T {
        self.close();
        &mut self.tls
    }

    fn close(&mut self) {
        self.idle = None;
        self.tls.abandon();
    }

    /// Forgets the last operation, as soon as the next one is asked for.
    const fn begin(&mut self) {
        self.request_left = false;
        self.tls_error = None;
    }

    async fn ask<A: Answer>(
        &mut self,
        endpoint: Endpoint<'_>,
        body: Option<&mut dyn Pieces>,
    ) -> Outcome<A> {
        let mut answer = AnswerReader::new();
        let end = self.run(endpoint, body, &mut answer).await;
        answer.finish(end).cloned()
    }

    /// One operation within its deadline. Neither the body's type nor the answer's multiplies this code.
    async fn run(
        &mut self,
        endpoint: Endpoint<'_>,
        body: Option<&mut dyn Pieces>,
        answer: &mut dyn Sink,
    ) -> End {
        let deadline = after(self.config.deadline);
        let ended = with_deadline(deadline, self.attempt(deadline, endpoint, body, answer)).await;
        let failure = match ended {
            Ok(Ok(())) => return End::Complete,
            Ok(Err(failure)) => failure,
            Err(_) => Failure::TimedOut,
        };
        End::Failed {
            request_left: self.request_left,
            failure,
        }
    }

    async fn attempt(
        &mut self,
        deadline: Instant,
        endpoint: Endpoint<'_>,
        body: Option<&mut dyn Pieces>,
        answer: &mut dyn Sink,
    ) -> Result<(), Failure> {
        let mut session = Session::new(&mut self.tls);
        let line = match self.idle.take() {
            Some(line) => session.revive(line, &self.config, deadline).await,
            None => None,
        };
        let mut line = match line {
            Some(line) => line,
            None => {
                connect::open::<P, T>(
                    self.tcp,
                    self.resolver,
                    self.account.host(),
                    &mut session,
                    deadline,
                    &mut self.tls_error,
                )
                .await?
            }
        };
        let reusable = exchange::Exchange {
            tls: session.tls(),
            socket: line.socket(deadline),
            scratch: self.scratch,
            request_left: &mut self.request_left,
            tls_error: &mut self.tls_error,
        }
        .run(&self.account, endpoint, body, answer)
        .await?;
        if reusable {
            line.touch();
            self.idle = Some(line);
            session.keep();
        }
        Ok(())
    }
}
