//! What runs on an emulated board: the firmware, or the check of the board's drivers.
//!
//! Both take what they need to know from the emulator's arguments and end the emulation when they are done.

use core::net::Ipv4Addr;

use embassy_executor::{SendSpawner, Spawner};
use embassy_net::{Ipv4Cidr, Stack};
use embassy_time::Duration;
use firmware_app::{Options, Sensor};
use xobito_embassy::tls::Clock;

use crate::{executor, host, stack, time};

/// The exit code of a firmware whose settings are of no use.
const EXIT_UNUSABLE: i32 = 2;
/// How often the freezer's temperature is read.
const SAMPLE_PERIOD: Duration = Duration::from_millis(50);

/// Starts the firmware, with a stand-in for the sensor.
///
/// Arguments: `port=` of the server, `alerts=` after which the emulation ends, `deadline_ms=` for one operation,
/// `sensor=cold` for a freezer that nothing happens to, `sensor=wavers` for one that is told of again and again; with the feature `outbox`, `flash=` names the file that alerts wait in.
pub fn spawn_firmware(
    application: Spawner,
    sampling: SendSpawner,
    stack: Stack<'static>,
    rng: &'static mut host::Rng,
) {
    let sensor: Sensor = match host::argument("sensor", &mut [0; 8]) {
        Some("cold") => firmware_app::freezer_that_stays_cold,
        Some("wavers") => firmware_app::freezer_that_wavers_and_spoils,
        _ => firmware_app::freezer_that_warms_up_once,
    };
    let (Ok(sample), Ok(run)) = (
        firmware_app::sample(sensor, SAMPLE_PERIOD),
        firmware(stack, rng),
    ) else {
        defmt::unreachable!("each is spawned only here, and this runs once")
    };
    sampling.spawn(sample);
    application.spawn(run);
}

/// Starts the check of the drivers.
///
/// Arguments: `port=` of an echo server; `panic_at=`, a number above 3, to see what becomes of a panic.
pub fn spawn_bring_up(
    application: Spawner,
    sampling: SendSpawner,
    stack: Stack<'static>,
    rng: &'static mut host::Rng,
) {
    let (Ok(sample), Ok(run)) = (bring_up::sample(), check(stack, rng)) else {
        defmt::unreachable!("each is spawned only here, and this runs once")
    };
    sampling.spawn(sample);
    application.spawn(run);
}

#[embassy_executor::task]
async fn firmware(stack: Stack<'static>, rng: &'static mut host::Rng) {
    let mut options = Options {
        port: number("port"),
        alerts: number("alerts"),
        computed_ns: executor::computed_ns,
        ..Options::default()
    };
    if let Some(deadline_ms) = number("deadline_ms") {
        options.deadline = Duration::from_millis(deadline_ms);
    }
    let is_done = run(stack, rng, options).await;
    report();
    host::exit(if is_done { 0 } else { EXIT_UNUSABLE })
}

#[cfg(not(feature = "outbox"))]
async fn run(stack: Stack<'static>, rng: &'static mut host::Rng, options: Options) -> bool {
    let result = firmware_app::run(stack, rng, HostClock, options).await;
    if let Err(unusable) = &result {
        defmt::error!("unusable settings: {}", unusable);
    }
    result.is_ok()
}

#[cfg(feature = "outbox")]
async fn run(stack: Stack<'static>, rng: &'static mut host::Rng, options: Options) -> bool {
    let Some(flash) = crate::flash::HostFlash::of_argument("flash") else {
        defmt::error!("the argument flash= names no file that the host lets us use");
        return false;
    };
    let result = firmware_app::run_durable(stack, rng, HostClock, flash, options).await;
    if let Err(why) = &result {
        defmt::error!("no outbox: {}", why);
    }
    result.is_ok()
}

#[embassy_executor::task]
async fn check(stack: Stack<'static>, rng: &'static mut host::Rng) {
    if let Some(index) = number("panic_at") {
        defmt::info!("digit {=u8}", digit_at(index));
    }
    let peer = bring_up::Peer {
        port: number("port"),
        server: Ipv4Addr::new(10, 0, 2, 2),
        fallback: Ipv4Cidr::new(Ipv4Addr::new(10, 0, 2, 15), 24),
    };
    let result = bring_up::run(stack, rng, host::unix_time_s, peer).await;
    report();
    host::exit(i32::from(result.is_err()))
}

/// Does what a mistake in a program does, in a function that a debugger can name.
#[inline(never)]
#[allow(
    clippy::indexing_slicing,
    reason = "to provoke a panic is what it is for"
)]
fn digit_at(index: usize) -> u8 {
    const DIGITS: [u8; 4] = [3, 1, 4, 1];
    DIGITS[index]
}

/// Logs what only the board knows about the run.
fn report() {
    defmt::info!(
        "peak stack {=usize} of {=usize} bytes, longest computation {=u64} ns, after {=u64} us",
        stack::peak(),
        stack::capacity(),
        executor::longest_computation_ns(),
        time::now_ns() / 1000
    );
}

fn number<N: core::str::FromStr>(name: &str) -> Option<N> {
    host::argument(name, &mut [0; 12])?.parse().ok()
}

/// Wall time from the host.
struct HostClock;

impl Clock for HostClock {
    fn unix_time_s(&self) -> Option<u64> {
        host::unix_time_s()
    }
}
