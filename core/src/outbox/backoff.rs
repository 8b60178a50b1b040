//! Waits that grow.

use core::time::Duration;

use super::clock::settled;

/// A wait that doubles with each failure in a row, up to a limit, and of which up to half is left to chance.
///
/// The chance comes from the `jitter` given to [`poll`](super::Outbox::poll): it keeps a thousand devices that lost the same network from
/// coming back in the same second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Backoff {
    first_ms: u32,
    longest_ms: u32,
}

impl Backoff {
    /// `first` after one failure, twice as much after each further one, `longest` at most.
    ///
    /// Both are kept in milliseconds, up to 49 days.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first_ms: settled(first),
            longest_ms: settled(longest),
        }
    }

    /// The wait after so many failures in a row, between half of it and all of it.
    pub(super) fn wait_ms(self, failures: u8, jitter: u32) -> u32 {
        let full = self.grown_ms(failures);
        let half = full / 2;
        // The upper half of a 64-bit product: no division.
        let chance = u64::from(half).saturating_mul(jitter.into()) >> 32;
        full.saturating_sub(u32::try_from(chance).unwrap_or(half))
    }

    /// The wait after so many failures in a row, none of it left to chance.
    pub(super) fn grown_ms(self, failures: u8) -> u32 {
        let doublings = u32::from(failures.saturating_sub(1));
        self.first_ms
            .saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX))
            .min(self.longest_ms)
    }
}
