//! The blocking client.

use std::fmt;
use std::time::Duration;

use ureq::Agent;
use xobito_core::message::{Message, PhoneQuery};
use xobito_core::{
    Accepted, Account, Answer, Endpoint, Failure, InvalidMessage, MessageId, PhoneRequest,
};

use crate::builder::{ClientBuilder, TIMEOUT_MAX};
use crate::request::{Encoded, OwnedRequest};
use crate::{Delivery, Outcome, Validation, exchange};

/// Sends messages for one account, over verified HTTPS.
///
/// It keeps a connection open for the next message, may be shared between threads, and never makes a request twice:
/// whether to try again is the caller's decision, by [`Outcome::retry`](xobito_core::Outcome::retry). Redirects are
/// not followed, cookies are not kept, and the environment's proxies are not used unless asked.
///
/// The token is wiped from the client's memory when it is dropped. Copies in the buffers of the HTTP and TLS libraries
/// are out of its reach.
///
/// # Examples
/// ```no_run
/// use xobito_std::core::{DEFAULT_HOST, E164, Outcome, checked, message::TextMessage};
/// use xobito_std::Client;
///
/// const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// let token = std::env::var("XOBITO_TOKEN")?;
/// let client = Client::builder(DEFAULT_HOST, "acme", &token).build()?;
/// match client.send_message(&TextMessage::new(&ON_CALL, "Freezer 3 is open"))? {
///     Outcome::Accepted(accepted) => println!("accepted as {}", accepted.message_id),
///     Outcome::Rejected(why) => println!("refused: {why}"),
///     Outcome::NotSent(why) => println!("try again: {why}"),
///     Outcome::Unknown(why) => println!("it may have arrived, or not: {why}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Client {
    settings: ClientBuilder,
    agent: Agent,
}

impl Client {
    /// Begins a client for an account: host (`name` or `name:port`), subdomain and token.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    /// use xobito_std::{BuildError, Client};
    ///
    /// let builder = Client::builder("dash.xobito.com", "acme", "apitk_0123")
    ///     .timeout(Duration::from_secs(10))
    ///     .ca_file("/no/such/file");
    /// assert!(matches!(builder.build(), Err(BuildError::Roots(_))));
    /// ```
    pub fn builder(host: &str, subdomain: &str, token: &str) -> ClientBuilder {
        ClientBuilder::new(host, subdomain, token)
    }

    pub(crate) const fn new(settings: ClientBuilder, agent: Agent) -> Self {
        Self { settings, agent }
    }

    /// Sends an encoded message.
    #[must_use = "the message may not have been accepted"]
    pub fn send(&self, request: &impl Encoded) -> Outcome<Accepted> {
        self.exchange(request.kind().endpoint(), Some(request.body()), None)
    }

    /// Encodes a message, however large, and sends it.
    ///
    /// # Errors
    /// [`InvalidMessage`] names the field and the rule; then nothing was sent.
    pub fn send_message<M: Message>(
        &self,
        message: &M,
    ) -> Result<Outcome<Accepted>, InvalidMessage> {
        OwnedRequest::new(message).map(|request| self.send(&request))
    }

    /// Asks what became of a message. The answer is `Accepted` even if the message failed.
    #[must_use]
    pub fn status(&self, id: &MessageId) -> Outcome<Delivery> {
        self.exchange(Endpoint::Status(id), None, None)
    }

    /// The same in this much time, 365 days at most, for who asks again and again until a time of their own.
    #[must_use]
    pub fn status_within(&self, id: &MessageId, timeout: Duration) -> Outcome<Delivery> {
        self.exchange(Endpoint::Status(id), None, Some(timeout.min(TIMEOUT_MAX)))
    }

    /// Asks whether a number is well formed; not, whether it is on WhatsApp.
    #[must_use]
    pub fn validate(&self, query: &PhoneQuery<'_>) -> Outcome<Validation> {
        match PhoneRequest::new(query) {
            Ok(request) => self.exchange(Endpoint::Validate, Some(request.body()), None),
            // No query provokes it: each was checked, and the largest fits.
            Err(_) => Outcome::NotSent(Failure::Buffer),
        }
    }

    fn exchange<A: Answer>(
        &self,
        endpoint: Endpoint<'_>,
        body: Option<&[u8]>,
        timeout: Option<Duration>,
    ) -> Outcome<A> {
        exchange::run(&self.agent, &self.account(), endpoint, body, timeout)
    }

    #[allow(clippy::expect_used)] // The parts were checked when the client was built, and nobody can change them.
    fn account(&self) -> Account<'_> {
        let ClientBuilder {
            host,
            subdomain,
            token,
            ..
        } = &self.settings;
        Account::new(host, subdomain, token).expect("checked by `build`")
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.settings).finish()
    }
}
