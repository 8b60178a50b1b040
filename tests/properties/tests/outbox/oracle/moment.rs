//! Times that are known as far as chance and rounding let them be, and a budget.

pub(super) const SECOND: u64 = 1_000_000;
pub(super) const MINUTE: u64 = 60 * SECOND;
/// Milliseconds are rounded up here and there.
pub(super) const SLACK: u64 = 5_000;

/// A time that is known to lie between two moments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    pub(super) earliest: u64,
    pub(super) latest: u64,
}

impl Moment {
    pub(super) const NEVER: Self = Self {
        earliest: u64::MAX,
        latest: u64::MAX,
    };

    pub(super) fn after(now: u64, least_us: u64, most_us: u64) -> Self {
        Self {
            earliest: now.saturating_add(least_us),
            latest: now.saturating_add(most_us).saturating_add(SLACK),
        }
    }

    pub(super) fn min(self, other: Self) -> Self {
        Self {
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.min(other.latest),
        }
    }

    pub(super) fn max(self, other: Self) -> Self {
        Self {
            earliest: self.earliest.max(other.earliest),
            latest: self.latest.max(other.latest),
        }
    }
}

/// A wait that doubles.
pub(super) fn grown((first_s, longest_s): (u64, u64), failures: u8) -> u64 {
    let factor = 2_u64.saturating_pow(u32::from(failures) - 1);
    first_s.saturating_mul(factor).min(longest_s) * SECOND
}

/// A bucket of tokens, measured by the time it takes to fill it that far.
pub(super) struct Bucket {
    full_us: u64,
    token_us: u64,
    level_us: u64,
    at: u64,
}

impl Bucket {
    /// A full one, that holds `burst` tokens and gets another each `token_us`.
    pub(super) fn full(burst: u32, token_us: u64) -> Self {
        let full_us = u64::from(burst) * token_us;
        Self {
            full_us,
            token_us,
            level_us: full_us,
            at: 0,
        }
    }

    fn fill(&mut self, now: u64) {
        self.level_us = (self.level_us + now - self.at).min(self.full_us);
        self.at = now;
    }

    /// Takes a token; whether there was one.
    pub(super) fn take(&mut self, now: u64) -> bool {
        self.fill(now);
        let left = self.level_us.checked_sub(self.token_us);
        self.level_us = left.unwrap_or(0);
        left.is_some()
    }

    /// The last token was not needed after all.
    pub(super) fn give_back(&mut self) {
        self.level_us = (self.level_us + self.token_us).min(self.full_us);
    }

    pub(super) fn empty(&mut self, now: u64) {
        self.fill(now);
        self.level_us = 0;
    }

    /// When there is a token.
    pub(super) fn ready_at(&self) -> u64 {
        self.at + self.token_us.saturating_sub(self.level_us)
    }
}
