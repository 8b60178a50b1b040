//! How many requests a minute the token has, and how they are spread.

use core::fmt;

use super::clock::Instant;
use crate::checked;
use crate::limits::{OUTBOX_BURST, REQUESTS_PER_MINUTE};

const MINUTE_MS: u32 = 60_000;

/// How many requests may be made in any 60 seconds, and how many of them at once.
///
/// With a budget of `B` and a burst of `b`, `b` requests may follow each other at once, and one more each
/// `60 s / (B - b)`. From the moments at which `poll` hands requests out, any 60 seconds hold at most `B - 1` of them; the one that
/// may have been on its way when they began makes `B` at the server, however long it was under way.
///
/// # Examples
/// ```
/// use xobito_core::{checked, outbox::Budget};
///
/// const HALF: Budget = checked!(Budget::new(30, 5));
/// assert!(Budget::new(30, 30).is_err(), "nothing would be left for the rest of the minute");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Budget {
    /// From one request to the next, when there is no burst to spend.
    interval_ms: u32,
    burst: u32,
}

impl Budget {
    /// 60 a minute, 10 of them at once.
    pub const DEFAULT: Self = checked!(Self::new(REQUESTS_PER_MINUTE, OUTBOX_BURST));

    /// `per_minute` requests in any 60 seconds, `burst` of them at once.
    ///
    /// # Errors
    /// [`InvalidBudget`] unless `burst` is at least 1 and less than `per_minute`.
    pub const fn new(per_minute: u32, burst: u32) -> Result<Self, InvalidBudget> {
        let rest = match per_minute.checked_sub(burst) {
            Some(rest) if burst > 0 => rest,
            _ => return Err(InvalidBudget),
        };
        match MINUTE_MS.checked_div(rest) {
            // Rounded up by what may be a millisecond too much.
            Some(interval_ms) => Ok(Self {
                interval_ms: interval_ms.saturating_add(1),
                burst,
            }),
            None => Err(InvalidBudget),
        }
    }

    /// How long it takes until all of the burst, but for `kept` requests, may be spent again.
    fn refill_ms(self, kept: u32) -> u32 {
        self.interval_ms
            .saturating_mul(self.burst.saturating_sub(kept))
    }
}

/// A budget has at least one request at once, and more than that in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InvalidBudget;

impl fmt::Display for InvalidBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a budget has a burst of at least 1 and more requests a minute than in the burst",
        )
    }
}

impl core::error::Error for InvalidBudget {}

/// What is left of the budget: a bucket of tokens as the one moment at which it is full again.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    full_at: Instant,
}

impl Bucket {
    pub(super) const fn full() -> Self {
        Self {
            full_at: Instant::START,
        }
    }

    /// When the next request may be made.
    pub(super) fn ready_at(&self, budget: Budget) -> Instant {
        self.full_at.before(budget.refill_ms(1))
    }

    /// A request is made.
    pub(super) fn spend(&mut self, budget: Budget, now: Instant) {
        self.full_at = self.full_at.max(now).after(budget.interval_ms);
    }

    /// The last request was not made after all.
    pub(super) fn give_back(&mut self, budget: Budget) {
        self.full_at = self.full_at.before(budget.interval_ms);
    }

    /// All of it is taken as spent.
    pub(super) fn empty(&mut self, budget: Budget, now: Instant) {
        self.full_at = self.full_at.max(now.after(budget.refill_ms(0)));
    }
}
