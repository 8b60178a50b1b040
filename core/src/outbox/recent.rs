//! Who was written to lately, and about what: the gap between two messages to a recipient, and the cool-down of a key.

use super::clock::Instant;
use super::entry::Key;
use crate::phone::PackedNumber;

/// The last `N` sends that still hold something back. A gap is never forgotten: while all places keep one, nothing that would need
/// one more is sent. A cool-down is, where its place is needed: a sensor that is heard once more is better than another's alert
/// that comes too late.
#[derive(Clone, Debug)]
pub(super) struct Recent<const N: usize> {
    sent: [Sent; N],
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    /// `None` where nothing was sent yet.
    recipient: Option<PackedNumber>,
    key: Option<Key>,
    at: Instant,
}

/// How long a send holds back others.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    pub(super) gap_ms: u32,
    pub(super) cool_down_ms: u32,
}

impl Sent {
    const NONE: Self = Self {
        recipient: None,
        key: None,
        at: Instant::START,
    };

    fn is(&self, recipient: PackedNumber, key: Option<Key>) -> bool {
        self.recipient == Some(recipient) && self.key == key
    }

    /// When a send to this recipient may take its place.
    fn replaceable_at(&self, recipient: PackedNumber, pace: Pace) -> Instant {
        match self.recipient {
            // The newer send keeps the gap from now on.
            Some(own) if own != recipient => self.at.after(pace.gap_ms),
            _ => Instant::START,
        }
    }

    /// When it has cooled down.
    fn cooled_at(&self, pace: Pace) -> Instant {
        match self.key {
            Some(_) => self.at.after(pace.cool_down_ms),
            None => Instant::START,
        }
    }

    /// When this no longer holds back a send to this recipient, about this key.
    fn clears_at(&self, recipient: PackedNumber, key: Option<Key>, pace: Pace) -> Instant {
        if self.recipient != Some(recipient) {
            return Instant::START;
        }
        let gap = self.at.after(pace.gap_ms);
        if key.is_some() && self.key == key {
            gap.max(self.at.after(pace.cool_down_ms))
        } else {
            gap
        }
    }
}

impl<const N: usize> Recent<N> {
    pub(super) const fn new() -> Self {
        Self {
            sent: [Sent::NONE; N],
        }
    }

    /// When a message may go to this recipient, or any moment that is over. `key` is what it is about; `cooled` says that the
    /// key's cool-down does not matter to it.
    pub(super) fn ready_at(
        &self,
        recipient: PackedNumber,
        key: Option<Key>,
        cooled: bool,
        pace: Pace,
        now: Instant,
    ) -> Instant {
        let mut clear = Instant::START;
        let mut room = Instant::NEVER;
        let held_by = if cooled { None } else { key };
        let longest_ms = pace.gap_ms.max(pace.cool_down_ms);
        for sent in &self.sent {
            // Most hold nothing back any more, and that is quickly seen.
            if sent.recipient.is_none() || sent.at.after(longest_ms) <= now {
                room = Instant::START;
                continue;
            }
            clear = clear.max(sent.clears_at(recipient, held_by, pace));
            room = room.min(sent.replaceable_at(recipient, pace));
        }
        clear.max(room)
    }

    /// A message goes to this recipient: now, which is counted as `at`, a moment later perhaps.
    pub(super) fn note(
        &mut self,
        recipient: PackedNumber,
        key: Option<Key>,
        (now, at): (Instant, Instant),
        pace: Pace,
    ) {
        let least = self.sent.iter_mut().min_by_key(|sent| {
            if sent.is(recipient, key) {
                Instant::START
            } else if sent.replaceable_at(recipient, pace) > now {
                Instant::NEVER
            } else {
                sent.cooled_at(pace).after(1)
            }
        });
        if let Some(sent) = least {
            *sent = Sent {
                recipient: Some(recipient),
                key,
                at,
            };
        }
    }

    /// What was noted of this key for this recipient did not arrive.
    pub(super) fn forget(&mut self, recipient: PackedNumber, key: Option<Key>) {
        for sent in &mut self.sent {
            if sent.is(recipient, key) {
                *sent = Sent::NONE;
            }
        }
    }
}
