//! How long a flash that refused is left alone.

use core::time::Duration;

const FIRST: Duration = Duration::from_secs(4);
const LONGEST: Duration = Duration::from_hours(1);

/// Whether a bank may be erased to write everything anew: where that fails again and again, it is all that wears the flash.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    /// How often in a row it did not come to its end.
    failures: u8,
    /// The last time it failed, and was not just given up.
    is_refused: bool,
    /// When it was begun last.
    begun: Duration,
}

impl Backoff {
    pub(crate) const NONE: Self = Self {
        failures: 0,
        is_refused: false,
        begun: Duration::ZERO,
    };

    /// Until when it must wait, where it must.
    pub(crate) fn until(&self, now: Duration) -> Option<Duration> {
        let doublings = self.failures.checked_sub(1)?;
        // What was given up once, as by a timeout, says nothing about the flash.
        if doublings == 0 && !self.is_refused {
            return None;
        }
        let factor = 1_u32.checked_shl(doublings.into()).unwrap_or(u32::MAX);
        let pause = FIRST.saturating_mul(factor).min(LONGEST);
        // A clock that is set must not make it wait for longer.
        let is_over = now.abs_diff(self.begun) >= pause;
        (!is_over).then(|| self.begun.saturating_add(pause))
    }

    /// It is begun. Unless it [succeeds](Self::succeeded), it counts.
    pub(crate) const fn begin(&mut self, now: Duration) {
        self.failures = self.failures.saturating_add(1);
        self.is_refused = false;
        self.begun = now;
    }

    pub(crate) const fn refused(&mut self) {
        self.is_refused = true;
    }

    pub(crate) const fn succeeded(&mut self) {
        *self = Self::NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    /// Fails whenever it may, and says when that was.
    fn failures(until: Duration, is_refused: bool) -> std::vec::Vec<u64> {
        let mut backoff = Backoff::NONE;
        let mut times = std::vec::Vec::new();
        let mut now = Duration::ZERO;
        while now < until {
            if backoff.until(now).is_none() {
                backoff.begin(now);
                if is_refused {
                    backoff.refused();
                }
                times.push(now.as_secs());
            }
            now += S(1);
        }
        times
    }

    #[test]
    fn it_waits_twice_as_long_each_time_up_to_an_hour() {
        let refused = failures(S(12_000), true);
        let expected = [
            0, 4, 12, 28, 60, 124, 252, 508, 1020, 2044, 4092, 7692, 11_292,
        ];
        assert_eq!(refused, expected);
        let given_up = failures(S(60), false);
        assert_eq!(given_up, [0, 1, 9, 25, 57]);
    }

    #[test]
    fn it_says_until_when_and_a_success_ends_it() {
        let mut backoff = Backoff::NONE;
        assert_eq!(backoff.until(S(0)), None);
        backoff.begin(S(100));
        backoff.refused();
        assert_eq!(backoff.until(S(103)), Some(S(104)));
        assert_eq!(backoff.until(S(97)), Some(S(104)));
        assert_eq!(backoff.until(S(90)), None, "the clock was set");
        backoff.begin(S(104));
        backoff.refused();
        assert_eq!(backoff.until(S(104)), Some(S(112)));
        backoff.succeeded();
        assert_eq!(backoff.until(S(104)), None);
    }

    #[test]
    fn it_never_overflows() {
        let mut backoff = Backoff::NONE;
        for _ in 0..300 {
            backoff.begin(Duration::MAX);
        }
        assert_eq!(backoff.until(Duration::MAX), Some(Duration::MAX));
    }
}
