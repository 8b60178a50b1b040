//! Notices how far an exchange gets, and above all whether a byte of the request was handed over.
//!
//! ```text
//! resolver ──▶ TCP ──▶ [AtTcp] ──▶ rustls ──▶ [AtTls] ──▶ HTTP
//! Resolving    Connecting  Securing            Ready       RequestLeft, with the first byte that HTTP writes
//! ```
//! The watch stands above TLS, so what it sees is the request and not the handshake. A call of ureq runs on the thread
//! of its caller from end to end, hence a thread's own variable tells each caller of a shared client about its own
//! call, also where the connection was opened by another.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    TcpConnector, Transport,
};

thread_local! {
    static STAGE: Cell<Stage> = const { Cell::new(Stage::Ready) };
}

/// How far an exchange got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The host's name is being looked up.
    Resolving,
    /// A TCP connection is being opened.
    Connecting,
    /// TLS is being set up.
    Securing,
    /// The connection stands, new or reused.
    Ready,
    /// A byte of the request may have left.
    RequestLeft,
}

impl Stage {
    /// How far this thread's exchange got.
    pub(crate) fn reached() -> Self {
        STAGE.get()
    }

    /// A new exchange begins on this thread: with an open connection, unless the stages before are seen.
    pub(crate) fn begin() {
        Self::Ready.enter();
    }

    fn enter(self) {
        STAGE.set(self);
    }
}

/// The chain above.
pub(crate) fn connector() -> impl Connector {
    ().chain(ConnectProxyConnector::default())
        .chain(TcpConnector::default())
        .chain(AtTcp)
        .chain(RustlsConnector::default())
        .chain(AtTls)
}

/// Whether the connection is the API's own. The other kind leads to a proxy, which is a part of connecting: a proxy is
/// never asked by https (see `builder`), and the API always is.
fn is_to_api(details: &ConnectionDetails<'_>) -> bool {
    details.needs_tls()
}

/// The system's resolver.
#[derive(Debug, Default)]
pub(crate) struct WatchedResolver(DefaultResolver);

impl Resolver for WatchedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Stage::Resolving.enter();
        let addresses = if is_address(uri) {
            self.0.resolve(uri, config, NextTimeout::default())?
        } else {
            look_up(uri.clone(), config.clone(), timeout)?
        };
        // A connection from the pool may follow, which no connector sees. If so, failing before the first byte is
        // "not connected" as well.
        Stage::Connecting.enter();
        Ok(addresses)
    }
}

/// Whether there is nothing to look up.
fn is_address(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// The system's look-up has no time limit of its own, so it gets a thread that may be left behind. The library's resolver
/// makes one too, and panics where the system refuses it.
fn look_up(uri: Uri, config: Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
    let (sender, receiver) = mpsc::channel();
    let look_up = move || {
        let found = DefaultResolver::default().resolve(&uri, &config, NextTimeout::default());
        let _ = sender.send(found);
    };
    thread::Builder::new()
        .spawn(look_up)
        // Not as the system says it: "try again" would be taken for a time that ran out.
        .map_err(|_| Error::HostNotFound)?;
    match receiver.recv_timeout(*timeout.after) {
        Ok(found) => found,
        Err(RecvTimeoutError::Timeout) => Err(Error::Timeout(timeout.reason)),
        Err(RecvTimeoutError::Disconnected) => Err(Error::HostNotFound),
    }
}

#[derive(Debug)]
struct AtTcp;

impl<In: Transport> Connector<In> for AtTcp {
    type Out = In;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<In>, Error> {
        if is_to_api(details) {
            Stage::Securing.enter();
        }
        Ok(chained)
    }
}

#[derive(Debug)]
struct AtTls;

impl<In: Transport> Connector<In> for AtTls {
    type Out = Watched<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Watched<In>>, Error> {
        let carries_requests = is_to_api(details);
        if carries_requests {
            Stage::Ready.enter();
        }
        Ok(chained.map(|inner| Watched {
            inner,
            carries_requests,
        }))
    }
}

/// A connection that tells when something is written to it.
#[derive(Debug)]
struct Watched<T> {
    inner: T,
    carries_requests: bool,
}

impl<T: Transport> Transport for Watched<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Before the attempt: a write that fails may have written some of it.
        if self.carries_requests && amount > 0 {
            Stage::RequestLeft.enter();
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
