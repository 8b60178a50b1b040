//! A clock for devices that learn the time after they started.

use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};

use embassy_time::Instant;

use crate::tls::Clock;

/// Nobody will send for a device with firmware that old: 20 years of 365.25 days.
const LIFETIME_S: u64 = 631_152_000;

/// The time of a device without a battery: unknown until somebody sets it, then carried on by embassy-time.
///
/// It knows when its firmware was built and refuses any time before that, so that nobody can turn it back to a day on which
/// a stolen certificate was still valid; and any time more than 20 years after it, by when every certificate would have expired.
/// A forged time between the two passes: set the clock again from time to time, such as once an hour, so that one wrong answer
/// does not silence the device until a reset. Good until 2106.
///
/// # Examples
/// ```
/// use xobito_embassy::DeviceClock;
/// use xobito_embassy::tls::Clock;
///
/// // Written by the build script, or the value of SOURCE_DATE_EPOCH.
/// const BUILT_AT_S: u32 = 1_795_000_000;
/// static CLOCK: DeviceClock = DeviceClock::new(BUILT_AT_S);
///
/// # fn main() -> Result<(), xobito_embassy::ImplausibleTime> {
/// assert_eq!(CLOCK.unix_time_s(), None);
/// CLOCK.set(1_795_432_100)?; // from SNTP, a GNSS receiver, a real-time clock
/// assert!(CLOCK.unix_time_s() >= Some(1_795_432_100));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DeviceClock {
    built_at_s: u32,
    assumes_build_time: bool,
    /// Unix time when embassy-time's began, or 0 while it is not known.
    started_at_s: AtomicU32,
}

impl DeviceClock {
    /// A clock that does not know the time yet. `built_at_s` is the Unix time at which the firmware was built.
    #[must_use]
    pub const fn new(built_at_s: u32) -> Self {
        Self {
            built_at_s,
            assumes_build_time: false,
            started_at_s: AtomicU32::new(0),
        }
    }

    /// A clock that takes the build's time for the time until it is told better.
    ///
    /// That is no more than a lower bound. Certificates that have expired since the build are accepted, and ones that
    /// were issued since are refused as not yet valid: with servers that renew theirs every 60 days, a device that never
    /// learns the time falls silent after about as long. Use it for the lab, or where the root lives long and is your own.
    #[must_use]
    pub const fn from_build_time(built_at_s: u32) -> Self {
        Self {
            assumes_build_time: true,
            ..Self::new(built_at_s)
        }
    }

    /// The Unix time at which the firmware was built.
    #[must_use]
    pub const fn built_at_s(&self) -> u32 {
        self.built_at_s
    }

    /// Sets the time: seconds since 1970-01-01T00:00:00Z, now.
    ///
    /// # Errors
    /// [`ImplausibleTime`]: it is before the build, more than 20 years after it, or after 2106, so whoever says so is wrong. The
    /// clock stays as it was.
    pub fn set(&self, unix_time_s: u64) -> Result<(), ImplausibleTime> {
        let implausible = ImplausibleTime {
            unix_time_s,
            built_at_s: self.built_at_s,
        };
        let built_at_s = u64::from(self.built_at_s);
        if !(built_at_s..=built_at_s.saturating_add(LIFETIME_S)).contains(&unix_time_s) {
            return Err(implausible);
        }
        let started_at_s = unix_time_s.saturating_sub(Instant::now().as_secs());
        // A clock that says 2106 or later, or that began with the epoch, is as wrong as one that is too early.
        match u32::try_from(started_at_s) {
            Ok(started_at_s @ 1..) => {
                self.started_at_s.store(started_at_s, Ordering::Relaxed);
                Ok(())
            }
            _ => Err(implausible),
        }
    }
}

impl Clock for DeviceClock {
    fn unix_time_s(&self) -> Option<u64> {
        let started_at_s = match self.started_at_s.load(Ordering::Relaxed) {
            0 if self.assumes_build_time => self.built_at_s,
            0 => return None,
            started_at_s => started_at_s,
        };
        Some(u64::from(started_at_s).saturating_add(Instant::now().as_secs()))
    }
}

/// A time before the firmware was built, more than 20 years after that, or beyond 2106.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ImplausibleTime {
    /// The time that somebody claimed.
    pub unix_time_s: u64,
    /// When the firmware was built.
    pub built_at_s: u32,
}

impl fmt::Display for ImplausibleTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "it cannot be {}: this firmware was built at {}",
            self.unix_time_s, self.built_at_s
        )
    }
}

impl core::error::Error for ImplausibleTime {}
