//! The time by SNTP, for boards without a clock of their own.
//!
//! # Nobody vouches for it
//! SNTP is not authenticated: whoever sits on the path between device and server can claim any time in the 20 years after the
//! build, and thereby make expired certificates pass, or honest ones seem expired until the time is asked again: do so from time
//! to time. (Whoever does not sit there cannot: the request carries 44 random bits
//! that the answer has to repeat.) That is far better than not looking at the dates at all, and no replacement for a
//! clock with a battery.

use core::fmt;
use core::net::SocketAddr;

use embassy_time::{Duration, Instant, with_timeout};
use rand_core::RngCore;
use sntpc::{NtpContext, NtpTimestampGenerator};

pub use sntpc::NtpUdpSocket;

use crate::clock::{DeviceClock, ImplausibleTime};

/// Requests that are made, at most: UDP loses some.
const ATTEMPTS: u32 = 4;

/// Asks a time server and sets the clock.
///
/// `socket` is a UDP socket as `sntpc` wants it; for embassy-net there is one in the crate `sntpc-net-embassy`. At most 4
/// requests are made, spread over `timeout`.
///
/// # Errors
/// [`SntpError`]; the clock stays as it was.
///
/// # Cancellation safety
/// A dropped future leaves the clock as it was. An answer may still arrive at the socket, and is not taken for the answer to a
/// later request.
pub async fn set_clock<S: NtpUdpSocket, R: RngCore>(
    clock: &DeviceClock,
    socket: &S,
    server: SocketAddr,
    rng: &mut R,
    timeout: Duration,
) -> Result<u64, SntpError> {
    let mut error = SntpError::NoAnswer;
    for _ in 0..ATTEMPTS {
        let begun = Instant::now();
        let share = timeout / ATTEMPTS;
        let context = NtpContext::new(Nonce::new(clock.built_at_s(), rng));
        error = match with_timeout(share, sntpc::get_time(server, socket, context)).await {
            Ok(Ok(answer)) => {
                let unix_time_s = answer.sec();
                return match clock.set(unix_time_s) {
                    Ok(()) => Ok(unix_time_s),
                    Err(error) => Err(SntpError::Implausible(error)),
                };
            }
            Ok(Err(sntpc::Error::KissOfDeath(_))) => return Err(SntpError::Refused),
            Ok(Err(_)) => SntpError::NoSense,
            Err(_) => SntpError::NoAnswer,
        };
        // What failed at once is not asked again at once.
        embassy_time::Timer::at(begun + share).await;
    }
    Err(error)
}

/// Why the time is still not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SntpError {
    /// No answer in time.
    NoAnswer,
    /// Answers that make no sense, or are not from the server that was asked.
    NoSense,
    /// The server does not want to be asked (a "kiss of death"): use another one.
    Refused,
    /// The server's time cannot be.
    Implausible(ImplausibleTime),
}

impl fmt::Display for SntpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => f.write_str("the time server did not answer"),
            Self::NoSense => f.write_str("the time server's answers make no sense"),
            Self::Refused => f.write_str("the time server does not want to be asked"),
            Self::Implausible(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SntpError {}

/// What stands in the request as the device's time. It is random, so that an answer cannot be forged without having
/// seen it, and near the build's, which `sntpc` takes to tell NTP's eras (136 years each) apart.
#[derive(Clone, Copy)]
struct Nonce {
    unix_time_s: u64,
    micros: u32,
}

impl Nonce {
    fn new(built_at_s: u32, rng: &mut impl RngCore) -> Self {
        Self {
            unix_time_s: u64::from(built_at_s) + u64::from(rng.next_u32() >> 8),
            micros: rng.next_u32() % 1_000_000,
        }
    }
}

impl NtpTimestampGenerator for Nonce {
    fn init(&mut self) {}

    fn timestamp_sec(&self) -> u64 {
        self.unix_time_s
    }

    fn timestamp_subsec_micros(&self) -> u32 {
        self.micros
    }
}
