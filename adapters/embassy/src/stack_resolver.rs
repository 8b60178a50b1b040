//! Names by embassy-net, with every address it knows.

use core::net::IpAddr;

use embassy_net::Stack;
use embassy_net::dns::DnsQueryType;

use crate::platform::Resolve;

/// Asks the name server that an embassy-net stack was configured with, for IPv4 addresses.
///
/// Unlike embassy-net's `DnsSocket` it gives all of them, as many as smoltcp's `DNS_MAX_RESULT_COUNT` allows (set by the
/// environment variable `SMOLTCP_DNS_MAX_RESULT_COUNT` at build time, 1 by default).
///
/// # Examples
/// ```
/// use embassy_net::tcp::client::TcpClient;
/// use xobito_embassy::tls::Clock;
/// use xobito_embassy::{Parts, Platform, StackResolver};
///
/// struct Board<'d, R, C> {
///     tcp: TcpClient<'d, 1, 2048, 4096>,
///     resolver: StackResolver<'d>, // StackResolver::new(stack)
///     rng: R,
///     clock: C,
/// }
///
/// impl<'d, R: rand_core::CryptoRng + rand_core::RngCore, C: Clock> Platform for Board<'d, R, C> {
///     type Tcp = TcpClient<'d, 1, 2048, 4096>;
///     type Resolver = StackResolver<'d>;
///     type Rng = R;
///     type Clock = C;
///
///     fn parts(&mut self) -> Parts<'_, Self> {
///         Parts { tcp: &self.tcp, resolver: &self.resolver, rng: &mut self.rng, clock: &self.clock }
///     }
/// }
/// ```
pub struct StackResolver<'d> {
    stack: Stack<'d>,
}

impl<'d> StackResolver<'d> {
    /// A resolver on this stack. It waits for no configuration: connect the stack first.
    #[must_use]
    pub const fn new(stack: Stack<'d>) -> Self {
        Self { stack }
    }
}

impl Resolve for StackResolver<'_> {
    async fn resolve(&self, host: &str, addresses: &mut [IpAddr]) -> usize {
        let Ok(found) = self.stack.dns_query(host, DnsQueryType::A).await else {
            return 0;
        };
        let mut count = 0;
        for (to, from) in addresses.iter_mut().zip(found) {
            *to = from.into();
            count += 1;
        }
        count
    }
}
