//! A running sandbox: a thread of its own with the server on it, and the tests' look behind the curtain.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::config::Config;
use crate::connection;
use crate::faults::Fault;
use crate::record::Received;
use crate::state::{Connections, State};
use crate::tls::Authority;

/// A running sandbox. It ends when it is dropped: open connections are closed and the port is free again.
pub struct Sandbox {
    app: Arc<App>,
    addr: SocketAddr,
    authority: Authority,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What every connection shares.
pub(crate) struct App {
    pub(crate) config: Config,
    state: Mutex<State>,
}

impl App {
    /// The state stays whole at every step, so a panic elsewhere does not spoil it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Starts a sandbox. When this returns, it accepts connections.
    ///
    /// # Errors
    /// When the address cannot be listened on, a name cannot stand in a certificate, or `state_dir` cannot be used.
    pub fn start(config: Config) -> io::Result<Self> {
        let authority = Authority::open(config.state_dir.as_deref())?;
        let acceptor = TlsAcceptor::from(Arc::new(authority.server_config(&config)?));
        let listener = TcpListener::bind(config.listen)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let app = Arc::new(App {
            state: Mutex::new(State::new(config.fault)),
            config,
        });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&app);
        let thread = std::thread::Builder::new()
            .name("xobito-sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        () = connection::listen(listener, acceptor, served) => {}
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Self {
            app,
            addr,
            authority,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// `https://localhost:PORT/api/v1/SUBDOMAIN`, under which the API's endpoints lie.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!(
            "https://localhost:{}/api/v1/{}",
            self.port(),
            self.app.config.subdomain
        )
    }

    /// The root certificate that clients have to trust, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.authority.pem
    }

    /// The root certificate that clients have to trust, in DER.
    #[must_use]
    pub fn ca_der(&self) -> &[u8] {
        &self.authority.der
    }

    /// What it was started with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.app.config
    }

    /// Every API request that arrived whole, in order, with the truth about it.
    #[must_use]
    pub fn messages(&self) -> Vec<Received> {
        self.app.state().received.clone()
    }

    /// How many connections were opened and secured since the start.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.app.state().connections
    }

    /// Sets a fault for all that comes until another call. It goes before what a magic number asks for.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.app.state().set_fault(fault, None);
    }

    /// Sets a fault for the next `requests` requests (for a fault in the handshake: connections).
    pub fn set_fault_for(&self, fault: Fault, requests: u32) {
        self.app.state().set_fault(Some(fault), Some(requests));
    }

    /// Drives the clock forward: message states, the 24-hour window and rate limits follow.
    pub fn advance(&self, by: Duration) {
        self.app.state().clock.advance(by);
    }

    /// Lets `phone` write to the workspace, which opens the 24-hour window.
    pub fn incoming(&self, phone: &str) {
        self.app.state().incoming(phone);
    }

    /// Forgets what arrived, the contacts, the messages, the fault and the rate limits; the clock stays.
    pub fn clear(&self) {
        self.app.state().reset();
    }

    /// Stops it and waits for its end, as dropping does.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It has ended already if nobody listens any more.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}
