//! What can be chosen about a client.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::tls::TlsConfig;
use xobito_core::{Account, InvalidAccount};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::roots::{InvalidRoots, Roots};
use crate::{proxy, watch};

/// The time that an operation may take, unless another is chosen.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// More than anybody waits, and little enough to be added to any moment that a clock shows.
pub(crate) const TIMEOUT_MAX: Duration = Duration::from_hours(365 * 24);

/// How long an idle connection is kept for the next message. Servers close theirs after a minute or more, and one
/// that is closed in the moment of its reuse makes the outcome unknown.
const MAX_IDLE_AGE: Duration = Duration::from_secs(15);

/// Makes a [`Client`]. See [`Client::builder`].
#[must_use = "nothing happens before `build`"]
pub struct ClientBuilder {
    pub(crate) host: String,
    pub(crate) subdomain: String,
    pub(crate) token: Zeroizing<String>,
    timeout: Duration,
    roots: Roots,
    proxy_from_environment: bool,
}

impl ClientBuilder {
    pub(crate) fn new(host: &str, subdomain: &str, token: &str) -> Self {
        Self {
            host: host.to_owned(),
            subdomain: subdomain.to_owned(),
            token: Zeroizing::new(token.to_owned()),
            timeout: DEFAULT_TIMEOUT,
            roots: Roots::System,
            proxy_from_environment: false,
        }
    }

    /// How long one operation may take, all in all: looking up the name, connecting, TLS, request and answer.
    /// 30 seconds unless chosen; 365 days at most, for which any longer time stands.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(TIMEOUT_MAX);
        self
    }

    /// Trusts the certificates of this PEM file, and only these, instead of the system's.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.roots = Roots::File(path.into());
        self
    }

    /// Trusts these certificates in PEM, and only these, instead of the system's.
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Roots::Pem(pem.into());
        self
    }

    /// Uses the `http://` proxy that the first of `HTTPS_PROXY`, `ALL_PROXY` and `HTTP_PROXY` names that is set (each also in
    /// small letters), unless `NO_PROXY` exempts the host. One that is wrong is an error of [`build`](Self::build).
    /// Without this call the environment has no say in where requests go.
    pub fn proxy_from_environment(mut self) -> Self {
        self.proxy_from_environment = true;
        self
    }

    /// Checks everything and loads the certificates. No connection is made yet.
    ///
    /// # Errors
    /// [`BuildError`] tells which part is wrong; it never shows the token.
    pub fn build(self) -> Result<Client, BuildError> {
        Account::new(&self.host, &self.subdomain, &self.token)?;
        let proxy = if self.proxy_from_environment {
            proxy::from_environment()?
        } else {
            None
        };
        let tls = TlsConfig::builder()
            .root_certs(self.roots.load()?)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            .tls_config(tls)
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .timeout_global(Some(self.timeout))
            .max_idle_age(MAX_IDLE_AGE)
            .user_agent(concat!("xobito-std/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .build();
        let agent = Agent::with_parts(
            config,
            watch::connector(),
            watch::WatchedResolver::default(),
        );
        Ok(Client::new(self, agent))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("host", &self.host)
            .field("subdomain", &self.subdomain)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Why there is no client.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Host, subdomain or token is wrong.
    Account(InvalidAccount),
    /// There are no certificates to trust.
    Roots(InvalidRoots),
    /// The environment names a proxy of another kind than `http://`, which is not supported.
    ProxyProtocol,
    /// A variable of the environment that says which proxy to use, or where none, is no URL of one, or no UTF-8.
    ProxyUrl {
        /// Which. Its value may hold a password, and is not shown.
        variable: &'static str,
    },
}

impl From<InvalidAccount> for BuildError {
    fn from(error: InvalidAccount) -> Self {
        Self::Account(error)
    }
}

impl From<InvalidRoots> for BuildError {
    fn from(error: InvalidRoots) -> Self {
        Self::Roots(error)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(error) => error.fmt(f),
            Self::Roots(error) => error.fmt(f),
            Self::ProxyProtocol => f.write_str(
                "the environment names a proxy whose URL does not begin with http://, and others are not supported",
            ),
            Self::ProxyUrl { variable } => write!(
                f,
                "{variable}: its value is no URL of a proxy, or not UTF-8"
            ),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Account(error) => Some(error),
            Self::Roots(error) => Some(error),
            Self::ProxyProtocol | Self::ProxyUrl { .. } => None,
        }
    }
}
