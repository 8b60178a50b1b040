//! What follows from the outcome of a query: until it is known what became of an accepted message.

use core::time::Duration;

use super::clock::Instant;
use super::entry::{EntryId, Part};
use super::event::{End, FailedBecause, Untracked};
use super::settle::{NotInFlight, Verdict, is_final, verdict};
use super::slot::{Slot, State};
use super::{Follow, Outbox, Pause};
use crate::limits::RATE_LIMIT_DEFAULT_WAIT_S;
use crate::{Delivery, DeliveryState, Outcome, Reason, Rejection};

/// How long the answer to a query can hold up messages.
const QUERY_PAUSE_MAX_MS: u32 = RATE_LIMIT_DEFAULT_WAIT_S * 1000;

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// What came of the query that [`Step::Query`](super::Step::Query) handed out.
    ///
    /// # Errors
    /// [`NotInFlight`] where this entry was not handed out for a query; nothing has changed then.
    pub fn settle_query<const N: usize, const TEXT: usize, const ERRORS: usize>(
        &mut self,
        id: EntryId,
        outcome: Outcome<&Delivery<N>, &Rejection<TEXT, ERRORS>>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        let verdict = verdict(outcome, |delivery| {
            (delivery.state(), delivery.window_closed())
        });
        self.asked(id, &verdict, now)
    }

    fn asked(
        &mut self,
        id: EntryId,
        verdict: &Verdict<(DeliveryState, bool)>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        let at = self.position(id, State::Asking)?;
        let now = self.clock.advance(now);
        let stamp = self.clock.stamp();
        // A status endpoint that is not there yet, or answers oddly or never, must not hold up messages.
        match verdict {
            Verdict::Unknown => {}
            Verdict::Refused {
                reason: Reason::RateLimited,
                wait_ms,
            } => {
                // Limits are counted by the minute; a message finds out for itself whether it has to wait for longer.
                let wait_ms = *wait_ms.min(&QUERY_PAUSE_MAX_MS);
                self.asked_to_wait = stamp.after(wait_ms);
            }
            Verdict::Taken(_) => {
                self.token_for_queries = Pause::No;
                self.link_up();
            }
            verdict => self.link_answered(verdict, stamp),
        }
        let slot = self.slots.get_mut(at).ok_or(NotInFlight)?;
        slot.state = State::Accepted;
        let end = match verdict {
            Verdict::Taken((DeliveryState::Delivered, _)) => Some(End::Delivered),
            Verdict::Taken((DeliveryState::Read, _)) => Some(End::Read),
            Verdict::Taken((DeliveryState::Failed, true)) => slot.template_or_end(now),
            Verdict::Taken((DeliveryState::Failed, false)) => {
                Some(End::Failed(FailedBecause::Undeliverable))
            }
            Verdict::Taken(_) | Verdict::Unknown => slot.later(self.config.follow, 0, stamp),
            Verdict::NotSent(failure) if is_final(*failure) => {
                Some(End::AcceptedUntracked(Untracked::Refused))
            }
            // Nothing goes out at all, so the query need not count.
            Verdict::NotSent(_) => None,
            Verdict::NotTakenIn { wait_ms } => slot.later(self.config.follow, *wait_ms, stamp),
            Verdict::Refused { reason, wait_ms } => match reason {
                Reason::Token => {
                    if self.token_for_queries == Pause::No {
                        self.token_for_queries = Pause::Untold;
                    }
                    slot.later(self.config.follow, 0, stamp)
                }
                Reason::Server | Reason::RateLimited => {
                    slot.later(self.config.follow, *wait_ms, stamp)
                }
                Reason::NotFound => Some(End::AcceptedUntracked(Untracked::NotFound)),
                _ => Some(End::AcceptedUntracked(Untracked::Refused)),
            },
        };
        if let Some(end) = end {
            slot.end(end);
        }
        Ok(())
    }
}

impl<const BYTES: usize> Slot<BYTES> {
    /// Whether the template is sent where the window turns out to be closed: if there is one, and time.
    pub(super) fn may_fall_back(&self, now: Instant) -> bool {
        now < self.expires && self.part == Part::Request && self.other_part_left
    }

    /// The window was closed.
    fn template_or_end(&mut self, now: Instant) -> Option<End> {
        if self.may_fall_back(now) && self.switch() {
            self.not_before = Instant::START;
            self.wait();
            None
        } else {
            Some(End::Failed(FailedBecause::WindowClosed))
        }
    }

    /// The message is under way as far as anybody knows: asks again after a longer time, if it was not often enough.
    fn later(&mut self, follow: Option<Follow>, wait_ms: u32, stamp: Instant) -> Option<End> {
        self.tries = self.tries.saturating_add(1);
        let follow = follow.filter(|follow| self.tries < follow.queries);
        let Some(follow) = follow else {
            return Some(End::AcceptedUntracked(Untracked::GaveUp));
        };
        let interval = follow.intervals.grown_ms(self.tries.saturating_add(1));
        self.not_before = stamp.after(interval.max(wait_ms));
        // Or a device that is reset often would ask for ever, and the slot never be free.
        self.changed_state();
        None
    }
}
