//! This machine as a platform: its sockets, its randomness and its clock, with a stall wherever a test wants one.

use std::cell::Cell;
use std::future::pending;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_io::Async;
use embedded_io_async::{ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use rand_core::{CryptoRng, OsRng, RngCore};
use xobito_core::{Account, Request};
use xobito_embassy::tls::{Clock, RootCertificates};
use xobito_embassy::{Buffers, Client, Config, Parts, Platform, Resolve};
use xobito_sandbox::Sandbox;

use crate::{Adapter, Seen};

/// This machine.
#[derive(Debug, Default)]
pub struct Host {
    /// Its sockets.
    pub tcp: Sockets,
    /// Its idea of names.
    pub names: Names,
    /// Its clock.
    pub clock: HostClock,
    /// Its randomness.
    pub rng: HostRng,
}

impl Platform for Host {
    type Tcp = Sockets;
    type Resolver = Names;
    type Rng = HostRng;
    type Clock = HostClock;

    fn parts(&mut self) -> Parts<'_, Self> {
        Parts {
            tcp: &self.tcp,
            resolver: &self.names,
            rng: &mut self.rng,
            clock: &self.clock,
        }
    }
}

/// What a name means.
#[derive(Clone, Debug)]
pub enum Names {
    /// These addresses, whatever the name.
    Known(Vec<IpAddr>),
    /// A name server that never answers.
    Silent,
}

impl Default for Names {
    fn default() -> Self {
        Self::Known(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

impl Resolve for Names {
    async fn resolve(&self, _: &str, addresses: &mut [IpAddr]) -> usize {
        match self {
            Self::Known(known) => {
                let mut count = 0;
                for (to, from) in addresses.iter_mut().zip(known) {
                    *to = *from;
                    count += 1;
                }
                count
            }
            Self::Silent => pending().await,
        }
    }
}

/// The system's clock, or one that does not know.
#[derive(Debug, Default)]
pub struct HostClock {
    /// It does not know the time.
    pub is_unset: bool,
}

impl Clock for HostClock {
    fn unix_time_s(&self) -> Option<u64> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        (!self.is_unset).then_some(now.as_secs())
    }
}

/// The operating system's randomness, until it sticks.
#[derive(Debug, Default)]
pub struct HostRng {
    /// After so many draws this byte is all that comes.
    pub sticks: Option<(usize, u8)>,
}

impl RngCore for HostRng {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        match &mut self.sticks {
            Some((0, byte)) => return out.fill(*byte),
            Some((left, _)) => *left -= 1,
            None => {}
        }
        OsRng.fill_bytes(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for HostRng {}

/// TCP by the operating system.
#[derive(Debug, Default)]
pub struct Sockets {
    /// Connecting to this address takes for ever.
    pub black_hole: Option<IpAddr>,
    attempts: Cell<usize>,
    open: Cell<usize>,
}

impl Sockets {
    /// How often somebody tried to connect.
    pub const fn attempts(&self) -> usize {
        self.attempts.get()
    }

    /// How many sockets are open.
    pub const fn open(&self) -> usize {
        self.open.get()
    }
}

impl TcpConnect for Sockets {
    type Error = io::Error;
    type Connection<'a> = Socket<'a>;

    async fn connect(&self, remote: SocketAddr) -> io::Result<Socket<'_>> {
        self.attempts.set(self.attempts.get() + 1);
        if self.black_hole == Some(remote.ip()) {
            return pending().await;
        }
        let stream = Async::<TcpStream>::connect(remote).await?;
        stream.get_ref().set_nodelay(true)?;
        self.open.set(self.open.get() + 1);
        Ok(Socket {
            stream,
            open: &self.open,
        })
    }
}

/// A connection.
#[derive(Debug)]
pub struct Socket<'a> {
    stream: Async<TcpStream>,
    open: &'a Cell<usize>,
}

impl Drop for Socket<'_> {
    fn drop(&mut self) {
        self.open.set(self.open.get() - 1);
    }
}

impl ErrorType for Socket<'_> {
    type Error = io::Error;
}

impl Read for Socket<'_> {
    async fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.stream.read_with(|mut stream| stream.read(out)).await
    }
}

impl Write for Socket<'_> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream
            .write_with(|mut stream| stream.write(bytes))
            .await
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives a client that trusts the sandbox to a test, with `token` and for the sandbox's own subdomain.
///
/// # Panics
/// If the sandbox's own names are no account.
pub fn with_client<R>(
    host: &mut Host,
    sandbox: &Sandbox,
    token: &str,
    test: impl FnOnce(&mut Client<'_, Host>) -> R,
) -> R {
    with_client_of(&mut <Buffers>::new(), host, sandbox, token, test)
}

/// The same with other buffers.
///
/// # Panics
/// If the sandbox's own names are no account.
#[allow(clippy::expect_used)] // Nothing here depends on what is tested.
pub fn with_client_of<const RECEIVE: usize, R>(
    buffers: &mut Buffers<RECEIVE>,
    host: &mut Host,
    sandbox: &Sandbox,
    token: &str,
    test: impl FnOnce(&mut Client<'_, Host>) -> R,
) -> R {
    let authority = format!("localhost:{}", sandbox.port());
    let subdomain = &sandbox.config().subdomain;
    let account = Account::new(&authority, subdomain, token).expect("an account");
    let mut roots = RootCertificates::<1>::new();
    roots.add_der(sandbox.ca_der()).expect("a root certificate");
    test(&mut Client::new(host, account, roots.anchors(), buffers))
}

impl Adapter for Client<'_, Host> {
    fn send(&mut self, request: &Request<1024>, deadline: Duration) -> Seen {
        set_deadline(self, deadline);
        async_io::block_on(Client::send(self, request)).into()
    }
}

/// Sets a client's deadline, in the standard library's measure of time.
pub fn set_deadline(client: &mut Client<'_, Host>, deadline: Duration) {
    let mut config: Config = client.config();
    config.deadline = embassy_time::Duration::try_from(deadline).unwrap_or(config.deadline);
    client.set_config(config);
}
