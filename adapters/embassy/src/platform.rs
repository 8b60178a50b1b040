//! What a board provides: TCP, names, randomness and the time.

use core::net::IpAddr;

use embedded_nal_async::{AddrType, Dns, TcpConnect};
use rand_core::{CryptoRng, RngCore};

use crate::tls::Clock;

/// A board, as far as HTTPS needs it.
///
/// # Examples
/// ```
/// use embedded_nal_async::{Dns, TcpConnect};
/// use xobito_embassy::tls::Clock;
/// use xobito_embassy::{Parts, Platform};
///
/// struct Board<T, D, R, C> {
///     tcp: T, // embassy-net's TcpClient
///     dns: D, // embassy-net's DnsSocket, or StackResolver, which knows several addresses
///     rng: R, // the hardware's generator, or a CSPRNG that it seeded once
///     clock: C,
/// }
///
/// impl<T: TcpConnect, D: Dns, R: rand_core::CryptoRng + rand_core::RngCore, C: Clock> Platform for Board<T, D, R, C> {
///     type Tcp = T;
///     type Resolver = D;
///     type Rng = R;
///     type Clock = C;
///
///     fn parts(&mut self) -> Parts<'_, Self> {
///         Parts { tcp: &self.tcp, resolver: &self.dns, rng: &mut self.rng, clock: &self.clock }
///     }
/// }
/// ```
pub trait Platform {
    /// TCP connections; one at a time is enough.
    type Tcp: TcpConnect;
    /// Addresses for names: anything that implements `embedded_nal_async::Dns`, or [`Resolve`] itself.
    type Resolver: Resolve;
    /// Randomness that nobody can predict, as `CryptoRng` promises: TLS stands and falls with it.
    ///
    /// It is never reseeded here: seed it once, from hardware. Before each handshake it is checked that it is not stuck: if two
    /// blocks of 32 bytes are equal, all 0x00 or all 0xFF, nothing is sent (`NotSent(Tls)`, with
    /// [`TlsError::BrokenRandomness`](crate::tls::TlsError::BrokenRandomness)). Whether it can be predicted nobody can check.
    type Rng: CryptoRng + RngCore;
    /// The time that certificates are judged by.
    type Clock: Clock;

    /// Lends the parts, all at once.
    fn parts(&mut self) -> Parts<'_, Self>;
}

/// The parts of a [`Platform`], borrowed.
#[allow(missing_docs)] // The trait says what they are.
pub struct Parts<'a, P: Platform + ?Sized> {
    pub tcp: &'a P::Tcp,
    pub resolver: &'a P::Resolver,
    pub rng: &'a mut P::Rng,
    pub clock: &'a P::Clock,
}

/// Addresses for a host's name.
///
/// Every `embedded_nal_async::Dns` is one that knows a single address; implement it for a resolver that knows more,
/// so that a server that is down at one address is reached at another.
#[allow(
    async_fn_in_trait,
    reason = "executors on microcontrollers are single-threaded; nothing needs Send"
)]
pub trait Resolve {
    /// Fills `addresses` from the front, the best first, and returns how many there are: 0 if the name has none or
    /// nobody could be asked.
    ///
    /// Put in only what the TCP stack can connect to: embassy-net panics on IPv6 if it was built without.
    ///
    /// # Cancellation safety
    /// The client drops the future when its deadline passes.
    async fn resolve(&self, host: &str, addresses: &mut [IpAddr]) -> usize;
}

impl<D: Dns> Resolve for D {
    async fn resolve(&self, host: &str, addresses: &mut [IpAddr]) -> usize {
        let Some(first) = addresses.first_mut() else {
            return 0;
        };
        match self.get_host_by_name(host, AddrType::Either).await {
            Ok(address) => {
                *first = address;
                1
            }
            Err(_) => 0,
        }
    }
}
