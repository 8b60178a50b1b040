//! The time, for boards that do not keep it without power: asked of a server once the network is up, and every hour.

use core::net::SocketAddr;

use embassy_net::{
    Stack,
    dns::DnsQueryType,
    udp::{PacketMetadata, UdpSocket},
};
use embassy_time::{Duration, Timer};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use sntpc_net_embassy::UdpSocketWrapper;
use xobito_embassy::{DeviceClock, sntp};

use crate::settings::TIME_SERVER;

const NTP_PORT: u16 = 123;
/// An NTP packet has 48 bytes.
const PACKET: usize = 64;
const PATIENCE: Duration = Duration::from_secs(8);
const AGAIN_AFTER: Duration = Duration::from_secs(30);
/// Nobody vouches for an answer. One that was forged is believed for so long, and no longer.
const ANEW_AFTER: Duration = Duration::from_secs(60 * 60);

/// Asks the settings' time server until it has answered. Without the time no certificate can be judged, so there is
/// nothing better to do meanwhile.
pub async fn set_clock<R: RngCore>(stack: Stack<'static>, clock: &DeviceClock, rng: &mut R) {
    stack.wait_config_up().await;
    loop {
        match ask(stack, clock, rng).await {
            Some(unix_time_s) => {
                defmt::info!("it is {=u64} s since 1970", unix_time_s);
                return;
            }
            None => Timer::after(AGAIN_AFTER).await,
        }
    }
}

/// Asks again every hour. To be spawned once [`set_clock`] is done.
///
/// The seed makes it a generator of its own, because the application has the board's.
#[embassy_executor::task]
pub async fn keep_clock(stack: Stack<'static>, clock: &'static DeviceClock, seed: [u8; 32]) {
    let mut rng = ChaCha20Rng::from_seed(seed);
    loop {
        Timer::after(ANEW_AFTER).await;
        // Where nobody answers the clock goes on as it is.
        let _ = ask(stack, clock, &mut rng).await;
    }
}

async fn ask<R: RngCore>(stack: Stack<'static>, clock: &DeviceClock, rng: &mut R) -> Option<u64> {
    let addresses = stack.dns_query(TIME_SERVER, DnsQueryType::A).await;
    let Some(address) = addresses.ok().and_then(|found| found.first().copied()) else {
        defmt::warn!("the time server {=str} has no address", TIME_SERVER);
        return None;
    };
    let (mut received, mut sending) = ([0; PACKET], [0; PACKET]);
    let (mut arrivals, mut departures) = ([PacketMetadata::EMPTY], [PacketMetadata::EMPTY]);
    let mut socket = UdpSocket::new(
        stack,
        &mut arrivals,
        &mut received,
        &mut departures,
        &mut sending,
    );
    // Port 0 is refused; a random one of the ephemeral range is one thing more that a forger has to guess.
    let [high, low, ..] = rng.next_u32().to_le_bytes();
    socket.bind(u16::from_le_bytes([high, low]) | 0xC000).ok()?;
    let server = SocketAddr::new(address.into(), NTP_PORT);
    let socket = UdpSocketWrapper::new(socket);
    match sntp::set_clock(clock, &socket, server, rng, PATIENCE).await {
        Ok(unix_time_s) => Some(unix_time_s),
        Err(error) => {
            defmt::warn!("the time is not known: {}", error);
            None
        }
    }
}
