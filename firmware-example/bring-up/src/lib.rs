//! The smallest application that exercises a whole board, to test its drivers with.
//!
//! It gets an address, connects to an echo server, sends 20 KB of random-looking bytes while it
//! reads them back, checks every one and says how fast that was. Then it computes for 200 ms
//! without letting any other task run, as a signature check does, while a task at interrupt level
//! must go on taking a sample every 5 ms. A board on which this succeeds has working interrupts,
//! timers, entropy and network in both directions.
#![no_std]

use core::net::{Ipv4Addr, SocketAddrV4};

use embassy_futures::join::join;
use embassy_net::{
    ConfigV4, IpEndpoint, Ipv4Cidr, Stack, StaticConfigV4,
    tcp::{TcpReader, TcpSocket, TcpWriter},
};
use embassy_time::{Duration, Instant, WithTimeout};
use rand_core::{CryptoRng, RngCore};

mod pattern;
mod sampling;

use pattern::Pattern;
pub use sampling::sample;

const DHCP_PATIENCE: Duration = Duration::from_secs(10);
const DEADLINE: Duration = Duration::from_secs(20);
/// How much is sent and read back.
const TRANSFER: usize = 20 * 1024;
/// The TCP window: small enough that the other side can never overrun a board's receiver.
const WINDOW: usize = 2048;
const CHUNK: usize = 512;
/// How long other tasks are kept from running: about as long as one P-384 signature check takes on
/// a slow board.
const COMPUTATION: Duration = Duration::from_millis(200);
const MAX_LATE_MS: u32 = 2;

/// Whom the board talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Where the echo server is.
    pub server: Ipv4Addr,
    /// Its port, if it is known.
    pub port: Option<u16>,
    /// The board's own address if nobody answers by DHCP.
    pub fallback: Ipv4Cidr,
}

/// Why a board did not come up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub enum Failure {
    /// The echo server's port is not known.
    NoServer,
    /// The echo server did not take the connection.
    NotConnected,
    /// The connection broke, after so many bytes came back.
    Broken(usize),
    /// The byte at this position came back changed.
    Altered(usize),
    /// It took longer than 20 seconds.
    TimedOut,
    /// Only so many samples were taken in time during 200 ms of computing.
    SamplesMissed(u32),
}

/// Runs the whole check and logs what it finds.
///
/// `clock` tells the seconds since 1970, if the board knows them.
///
/// # Errors
/// The [`Failure`] that was met first; it has been logged.
pub async fn run<R: RngCore + CryptoRng>(
    stack: Stack<'_>,
    rng: &mut R,
    clock: impl Fn() -> Option<u64>,
    peer: Peer,
) -> Result<(), Failure> {
    let result = check(stack, rng, clock, peer).await;
    match result {
        Ok(()) => defmt::info!("bring-up passed"),
        Err(failure) => defmt::error!("bring-up failed: {}", failure),
    }
    result
}

async fn check<R: RngCore + CryptoRng>(
    stack: Stack<'_>,
    rng: &mut R,
    clock: impl Fn() -> Option<u64>,
    peer: Peer,
) -> Result<(), Failure> {
    defmt::info!("unix time {=?}", clock());
    let server = SocketAddrV4::new(peer.server, peer.port.ok_or(Failure::NoServer)?);
    get_address(stack, peer.fallback).await;

    let seed = rng.next_u32();
    let start = Instant::now();
    let transfer = echo(stack, server.into(), seed).with_timeout(DEADLINE);
    transfer.await.unwrap_or(Err(Failure::TimedOut))?;
    let took_ms = start.elapsed().as_millis().max(1);
    let rate = TRANSFER as u64 * 1000 / 1024 / took_ms;
    defmt::info!(
        "echoed {=usize} bytes in {=u64} ms: {=u64} KB/s each way",
        TRANSFER,
        took_ms,
        rate
    );

    hold_up(COMPUTATION)
}

/// Blocks this executor and requires that the samples were taken all the same.
fn hold_up(period: Duration) -> Result<(), Failure> {
    let (before, end) = (sampling::taken(), Instant::now() + period);
    while Instant::now() < end {}
    let after = sampling::taken();
    let samples = after.count.wrapping_sub(before.count);
    defmt::info!(
        "{=u32} samples during {=u64} ms of computing, at most {=u32} ms late",
        samples,
        period.as_millis(),
        after.latest_ms
    );
    let expected = period.as_ticks() / sampling::PERIOD.as_ticks();
    if u64::from(samples) + 1 < expected || after.latest_ms > MAX_LATE_MS {
        return Err(Failure::SamplesMissed(samples));
    }
    Ok(())
}

/// Waits for DHCP, and falls back to a fixed address.
async fn get_address(stack: Stack<'_>, fallback: Ipv4Cidr) {
    let by_dhcp = stack.wait_config_up().with_timeout(DHCP_PATIENCE).await;
    if by_dhcp.is_err() {
        defmt::warn!("no answer by DHCP: taking a fixed address");
        stack.set_config_v4(ConfigV4::Static(StaticConfigV4 {
            address: fallback,
            gateway: None,
            dns_servers: heapless::Vec::new(),
        }));
    }
    stack.wait_config_up().await;
    if let Some(config) = stack.config_v4() {
        defmt::info!("address {=[u8; 4]}", config.address.address().octets());
    }
}

/// Sends the bytes of the pattern that `seed` starts and checks them when they come back.
async fn echo(stack: Stack<'_>, server: IpEndpoint, seed: u32) -> Result<(), Failure> {
    let mut received = [0; WINDOW];
    let mut sending = [0; WINDOW];
    let mut socket = TcpSocket::new(stack, &mut received, &mut sending);
    socket
        .connect(server)
        .await
        .map_err(|_| Failure::NotConnected)?;
    let (mut reader, mut writer) = socket.split();
    let (sent, read) = join(send(&mut writer, seed), receive(&mut reader, seed)).await;
    sent.and(read)?;
    socket.close();
    Ok(())
}

async fn send(writer: &mut TcpWriter<'_>, seed: u32) -> Result<(), Failure> {
    let mut pattern = Pattern::new(seed);
    let mut left = TRANSFER;
    while left > 0 {
        let mut chunk = [0; CHUNK];
        chunk.fill_with(|| pattern.next_byte());
        let mut rest = chunk.get(..left.min(CHUNK)).unwrap_or_default();
        left = left.saturating_sub(rest.len());
        while !rest.is_empty() {
            let written = writer.write(rest).await.map_err(|_| Failure::Broken(0))?;
            rest = rest.get(written..).unwrap_or_default();
        }
    }
    writer.flush().await.map_err(|_| Failure::Broken(0))
}

async fn receive(reader: &mut TcpReader<'_>, seed: u32) -> Result<(), Failure> {
    let mut pattern = Pattern::new(seed);
    let mut received = 0;
    while received < TRANSFER {
        let mut chunk = [0; CHUNK];
        let read = reader
            .read(&mut chunk)
            .await
            .map_err(|_| Failure::Broken(received))?;
        if read == 0 {
            return Err(Failure::Broken(received));
        }
        for byte in chunk.iter().take(read) {
            if *byte != pattern.next_byte() {
                return Err(Failure::Altered(received));
            }
            received += 1;
        }
    }
    Ok(())
}
