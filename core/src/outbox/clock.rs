//! The outbox's own time, in whole milliseconds: small, cheap to compare, and never running backwards.

use core::time::Duration;

/// How far back a caller's time may lie before it is taken for a clock that was set.
const LATE_CALLER_MS: u64 = 60_000;

/// A moment of the outbox's own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(u64);

impl Instant {
    /// As long ago as can be.
    pub(super) const START: Self = Self(0);
    /// Not any more.
    pub(super) const NEVER: Self = Self(u64::MAX);

    /// This much later.
    pub(super) const fn after(self, ms: u32) -> Self {
        Self(self.0.saturating_add(wide(ms)))
    }

    /// This much earlier.
    pub(super) const fn before(self, ms: u32) -> Self {
        Self(self.0.saturating_sub(wide(ms)))
    }

    /// This much later; 136 years and more are never.
    pub(super) const fn after_duration(self, duration: Duration) -> Self {
        match narrow(duration.as_secs()) {
            u32::MAX => Self::NEVER,
            _ => Self(self.0.saturating_add(milliseconds(duration))),
        }
    }

    /// How long it is from `earlier` until this, as far as 32 bits go; 0 where it lies before.
    pub(super) const fn ms_since(self, earlier: Self) -> u32 {
        narrow(self.0.saturating_sub(earlier.0))
    }

    /// How long it is from `earlier` until this.
    pub(super) const fn since(self, earlier: Self) -> Duration {
        match self {
            Self::NEVER => Duration::MAX,
            _ => Duration::from_millis(self.0.saturating_sub(earlier.0)),
        }
    }
}

/// Turns the caller's time into the outbox's.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    now: Instant,
    /// What has to be added to the caller's time since it went back.
    ahead_ms: u64,
    /// The caller's time has a fraction of a millisecond that `now` has not.
    fraction: bool,
}

impl Clock {
    pub(super) const fn new() -> Self {
        Self {
            now: Instant::START,
            ahead_ms: 0,
            fraction: false,
        }
    }

    /// It is `now` for the caller.
    ///
    /// Time that goes back a little is a caller who was late to tell it: it stands still. Time that goes back by more
    /// than a minute is a clock that was set: it goes on from where it was.
    pub(super) fn advance(&mut self, now: Duration) -> Instant {
        let ms = milliseconds(now).saturating_add(self.ahead_ms);
        let fraction = has_fraction(now);
        let back = self.now.0.saturating_sub(ms);
        if back == 0 {
            self.fraction = fraction || (self.fraction && self.now.0 == ms);
            self.now = Instant(ms);
        } else if back > LATE_CALLER_MS {
            self.ahead_ms = self.ahead_ms.saturating_add(back);
        }
        self.now
    }

    /// The time that was told last, rounded down: what is not allowed before it is over now.
    pub(super) const fn now(&self) -> Instant {
        self.now
    }

    /// The same, rounded up: what begins now began no earlier.
    pub(super) const fn stamp(&self) -> Instant {
        if self.fraction {
            self.now.after(1)
        } else {
            self.now
        }
    }

    /// The caller's time at this moment, seen from the caller's `now`; at most 49 days ahead.
    pub(super) const fn outside(&self, moment: Instant, now: Duration) -> Duration {
        now.saturating_add(duration(moment.ms_since(self.now)))
    }
}

/// A duration in milliseconds, rounded up and at most 49 days: what the outbox keeps of its settings.
pub(super) const fn settled(duration: Duration) -> u32 {
    let ms = milliseconds(duration);
    narrow(if has_fraction(duration) {
        ms.saturating_add(1)
    } else {
        ms
    })
}

/// The other way.
pub(super) const fn duration(ms: u32) -> Duration {
    Duration::from_millis(wide(ms))
}

/// Without `Duration::as_millis`, which would link 128-bit arithmetic; 136 years at most.
const fn milliseconds(duration: Duration) -> u64 {
    wide(narrow(duration.as_secs()))
        .saturating_mul(1000)
        .saturating_add(wide(duration.subsec_millis()))
}

/// Whether there is more to it than whole milliseconds.
const fn has_fraction(duration: Duration) -> bool {
    duration.subsec_nanos() != duration.subsec_millis().saturating_mul(1_000_000)
}

/// `u64::from`, which no const fn may call yet.
const fn wide(value: u32) -> u64 {
    let [a, b, c, d] = value.to_le_bytes();
    u64::from_le_bytes([a, b, c, d, 0, 0, 0, 0])
}

/// As much as 32 bits hold.
const fn narrow(value: u64) -> u32 {
    let [a, b, c, d, high @ ..] = value.to_le_bytes();
    match high {
        [0, 0, 0, 0] => u32::from_le_bytes([a, b, c, d]),
        _ => u32::MAX,
    }
}
