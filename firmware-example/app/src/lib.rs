//! The firmware without its board: a freezer is watched, and whoever is on call hears about it on `WhatsApp`.
//!
//! ```text
//!  interrupt                      application
//!  sample -> threshold -> event ==[channel]==> message -> Request -> Client -> outcome -> delivered?
//! ```
//! Sampling never waits for the network: it runs in an interrupt that goes before everything else, and all it does
//! about an event is to put it into a channel. Everything that can take time happens on the other side of that channel.
//!
//! A board crate spawns [`sample`] in its most urgent executor, gets the network going, and awaits [`run`].
#![no_std]

mod alert;
mod followed;
mod sampling;
mod sender;
mod settings;
#[cfg(feature = "outbox")]
mod station;
mod threshold;
#[cfg(feature = "sntp")]
mod time;

use core::fmt::Write as _;

use embassy_net::{
    Stack,
    tcp::client::{TcpClient, TcpClientState},
};
use embassy_time::Duration;
use rand_core::{CryptoRng, RngCore};
use static_cell::{ConstStaticCell, StaticCell};
use xobito_core::Account;
use xobito_embassy::{
    Buffers, Client, Config, Parts, Platform, StackResolver,
    tls::{Clock, RootCertificates},
};

use sender::Sender;

pub use sampling::{
    Sensor, freezer_that_stays_cold, freezer_that_warms_up_once, freezer_that_wavers_and_spoils,
    sample,
};
pub use sender::Tally;
pub use settings::BUILT_AT_S;
#[cfg(feature = "outbox")]
pub use station::{FLASH_BYTES, NoOutbox, run_durable};
pub use threshold::Temperature;
#[cfg(feature = "sntp")]
pub use time::{keep_clock, set_clock};

/// TCP's buffers: a request fits into what is sent, and the window is small enough that the other side can never overrun
/// a board's receiver.
const SEND_WINDOW: usize = 1024;
const RECEIVE_WINDOW: usize = 2048;
/// Root certificates, at most.
const ROOTS_MAX: usize = 4;
/// The longest `host:port`.
const AUTHORITY_MAX: usize = xobito_core::limits::HOST_MAX + 6;

/// What a board may decide about a run.
#[derive(Clone, Copy)]
pub struct Options {
    /// Another port than the settings' (the emulated boards learn it when they start).
    pub port: Option<u16>,
    /// How long one operation may take.
    pub deadline: Duration,
    /// After so many alerts [`run`] returns. None: it never does.
    pub alerts: Option<u32>,
    /// Nanoseconds of computing so far, for the figures in the log; the time since the start where nobody counts.
    pub computed_ns: fn() -> u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: None,
            deadline: Config::DEFAULT.deadline,
            alerts: None,
            computed_ns: || {
                embassy_time::Instant::now()
                    .as_micros()
                    .saturating_mul(1000)
            },
        }
    }
}

/// Why there was nothing to start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub enum Unusable {
    /// A root certificate is not one, or there are too many; which, counted from 0.
    Root(usize),
    /// Host and port make no address.
    Host,
}

/// Sends what [`sample`] finds worth an alert, for as long as the options say.
///
/// Waits for the network first. To be called once.
///
/// # Errors
/// [`Unusable`] settings.
pub async fn run<R: RngCore + CryptoRng, C: Clock>(
    stack: Stack<'static>,
    rng: R,
    clock: C,
    options: Options,
) -> Result<Tally, Unusable> {
    let roots = roots()?;
    let mut authority = heapless::String::new();
    let account = account(&mut authority, options.port).ok_or(Unusable::Host)?;
    stack.wait_config_up().await;
    defmt::info!(
        "network is up; alerts go through {=str}",
        account.host().authority()
    );

    let mut device = device(stack, rng, clock);
    let mut sender = Sender::new(client(&mut device, account, &roots, options), options);
    Ok(sender.run().await)
}

/// The roots that the settings name.
fn roots() -> Result<RootCertificates<'static, ROOTS_MAX>, Unusable> {
    let mut roots = RootCertificates::<ROOTS_MAX>::new();
    for (number, root) in settings::ROOTS.iter().enumerate() {
        roots.add_der(root).map_err(|_| Unusable::Root(number))?;
    }
    if settings::ROOTS.is_empty() {
        defmt::error!("no root certificate was built in: no server will be trusted");
    }
    Ok(roots)
}

/// To be called once.
fn device<R, C>(stack: Stack<'static>, rng: R, clock: C) -> Device<R, C> {
    static TCP: StaticCell<TcpClientState<1, SEND_WINDOW, RECEIVE_WINDOW>> = StaticCell::new();

    Device {
        tcp: TcpClient::new(stack, TCP.init_with(TcpClientState::new)),
        resolver: StackResolver::new(stack),
        rng,
        clock,
    }
}

/// What is made here and moved on does not stay behind in the future of [`run`].
fn client<'a, P: Platform>(
    device: &'a mut P,
    account: Account<'a>,
    roots: &'a RootCertificates<ROOTS_MAX>,
    options: Options,
) -> Client<'a, P> {
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());

    let mut client = Client::new(device, account, roots.anchors(), BUFFERS.take());
    let mut config = client.config();
    config.deadline = options.deadline;
    client.set_config(config);
    client
}

/// The settings' account, at another port if there is one.
fn account(
    authority: &mut heapless::String<AUTHORITY_MAX>,
    port: Option<u16>,
) -> Option<Account<'_>> {
    let built_in = settings::ACCOUNT;
    let Some(port) = port else {
        return Some(built_in);
    };
    write!(authority, "{}:{port}", built_in.host().name()).ok()?;
    let (subdomain, token) = (built_in.subdomain(), built_in.token());
    Account::new(authority, subdomain.as_str(), token.expose()).ok()
}

/// What the client needs of a board.
struct Device<R, C> {
    tcp: TcpClient<'static, 1, SEND_WINDOW, RECEIVE_WINDOW>,
    resolver: StackResolver<'static>,
    rng: R,
    clock: C,
}

impl<R: RngCore + CryptoRng, C: Clock> Platform for Device<R, C> {
    type Tcp = TcpClient<'static, 1, SEND_WINDOW, RECEIVE_WINDOW>;
    type Resolver = StackResolver<'static>;
    type Rng = R;
    type Clock = C;

    fn parts(&mut self) -> Parts<'_, Self> {
        Parts {
            tcp: &self.tcp,
            resolver: &self.resolver,
            rng: &mut self.rng,
            clock: &self.clock,
        }
    }
}
