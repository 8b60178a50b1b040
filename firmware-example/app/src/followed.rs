//! The messages that were accepted and not yet delivered.

use embassy_time::{Duration, Instant};
use heapless::Vec;
use xobito_core::MessageId;

/// Messages that are asked after at the same time.
const FOLLOWED_MAX: usize = 4;
/// The first question; each further one waits twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The recipient's phone is off, or there is no such thing as delivery: after so long the device stops asking.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// A message that was accepted.
pub(crate) struct Followed {
    pub(crate) alert: u32,
    pub(crate) id: MessageId,
    until: Instant,
    wait: Duration,
    next: Instant,
}

impl Followed {
    fn new(alert: u32, id: MessageId) -> Self {
        let now = Instant::now();
        Self {
            alert,
            id,
            until: now + PATIENCE,
            wait: FIRST_WAIT,
            next: now + FIRST_WAIT,
        }
    }

    /// Plans the next question; false if there has been enough of them.
    fn put_off(&mut self) -> bool {
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        self.next = Instant::now() + self.wait;
        self.next < self.until
    }
}

/// All of them, the oldest first.
pub(crate) struct FollowedMessages(Vec<Followed, FOLLOWED_MAX>);

impl FollowedMessages {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Follows one more, and lets go of the oldest if there is no room; returns that one's alert.
    pub(crate) fn add(&mut self, alert: u32, id: MessageId) -> Option<u32> {
        let dropped = self.0.is_full().then(|| self.0.remove(0).alert);
        // There is room now.
        let _ = self.0.push(Followed::new(alert, id));
        dropped
    }

    /// When the next question is due; far in the future if there is none.
    pub(crate) fn next_due(&self) -> Instant {
        self.0
            .iter()
            .map(|followed| followed.next)
            .min()
            .unwrap_or(Instant::MAX)
    }

    /// Takes out the message whose question is due first.
    pub(crate) fn take_due(&mut self) -> Option<Followed> {
        let due = self.next_due();
        let at = self.0.iter().position(|followed| followed.next == due)?;
        Some(self.0.remove(at))
    }

    /// Puts a message back that needs to be asked after again; false if that was the last time.
    pub(crate) fn put_back(&mut self, mut followed: Followed) -> bool {
        // It was taken out of here, so there is room.
        followed.put_off() && self.0.push(followed).is_ok()
    }
}
