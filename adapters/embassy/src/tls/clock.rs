//! Where the time comes from that certificates are judged by.

/// The firmware's idea of the time.
pub trait Clock {
    /// Seconds since 1970-01-01T00:00:00Z, or `None` while the time is not known.
    fn unix_time_s(&self) -> Option<u64>;
}

impl<C: Clock + ?Sized> Clock for &C {
    fn unix_time_s(&self) -> Option<u64> {
        (**self).unix_time_s()
    }
}

/// A clock that stands still: for tests, and for firmware that sets the time right before a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FixedTime(
    /// Seconds since 1970-01-01T00:00:00Z; `None` is "not known".
    pub Option<u64>,
);

impl Clock for FixedTime {
    fn unix_time_s(&self) -> Option<u64> {
        self.0
    }
}

/// What to do while the clock does not know the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WithoutTime {
    /// Open no connection: [`TlsError::TimeUnknown`](super::TlsError::TimeUnknown).
    #[default]
    Refuse,
    /// Accept certificates that may have expired years ago, or may not be valid yet.
    ///
    /// An attacker who got hold of a key whose certificate has run out passes. Everything else is still checked. Use
    /// it for the one connection that fetches the time, if it must be used at all.
    IgnoreCertificateDatesAndAcceptExpiredOnes,
}
