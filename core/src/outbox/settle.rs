//! What follows from the outcome of a message.

use core::fmt;
use core::time::Duration;

use super::clock::{Instant, settled};
use super::entry::{Duplicates, EntryId};
use super::event::{End, FailedBecause, Untracked};
use super::slot::{SETBACKS_A_LEVEL, Slot, State};
use super::{Outbox, Pause, place};
use crate::outcome::Retry;
use crate::{Accepted, Answer, Failure, Outcome, Reason, Rejection};

/// What an outcome means here, whatever its size.
pub(super) enum Verdict<A> {
    Taken(A),
    Refused {
        reason: Reason,
        /// The least time until it may be tried again.
        wait_ms: u32,
    },
    /// Refused before the API took it in. Its other message would fare no better.
    NotTakenIn {
        /// The least time until it may be tried again.
        wait_ms: u32,
    },
    NotSent(Failure),
    Unknown,
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outbox<SLOTS, BYTES, RECENT> {
    /// What became of the message that [`Step::Send`](super::Step::Send) handed out.
    ///
    /// # Errors
    /// [`NotInFlight`] where this entry was not handed out for sending; nothing has changed then.
    pub fn settle<const ID: usize, const TEXT: usize, const ERRORS: usize>(
        &mut self,
        id: EntryId,
        outcome: Outcome<&Accepted<ID>, &Rejection<TEXT, ERRORS>>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        let verdict = verdict(outcome, |accepted| accepted.usable_id());
        self.sent(id, &verdict, now)
    }

    fn sent(
        &mut self,
        id: EntryId,
        verdict: &Verdict<Option<&str>>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        let at = self.position(id, State::Sending)?;
        let now = self.clock.advance(now);
        let stamp = self.clock.stamp();
        self.link_answered(verdict, stamp);
        let pace = self.pace();
        let (backoff, jitter) = (self.config.retry, self.jitter);
        let refused_at = match self.refused_for() {
            Some(_) => self.refused_at,
            None => stamp,
        };
        let slot = self.slots.get_mut(at).ok_or(NotInFlight)?;
        let put_off = |slot: &mut Slot<BYTES>, wait_ms| {
            slot.tries = slot.tries.saturating_add(1);
            let wait_ms = backoff.wait_ms(slot.tries, jitter).max(wait_ms);
            slot.not_before = stamp.after(wait_ms);
        };
        let (arrived, maybe_sent) = match verdict {
            Verdict::Taken(_) | Verdict::Unknown => (true, true),
            Verdict::Refused { reason, .. } => (true, *reason == Reason::Server),
            Verdict::NotTakenIn { .. } | Verdict::NotSent(_) => (false, false),
        };
        // An earlier try that may have arrived still counts.
        slot.may_have_arrived |= maybe_sent;
        let key = if slot.may_have_arrived {
            slot.key()
        } else {
            self.recent.forget(slot.recipient, slot.key());
            None
        };
        if arrived {
            // However long it was under way: the recipient's gap begins when it arrived.
            self.recent.note(slot.recipient, key, (now, stamp), pace);
        }
        match verdict {
            Verdict::Taken(id) => accept(slot, *id, self.config.follow, stamp),
            Verdict::NotSent(failure) if is_final(*failure) => {
                slot.end(End::Failed(FailedBecause::NotSent(*failure)));
            }
            Verdict::NotSent(_) => slot.wait_unsent(),
            Verdict::NotTakenIn { wait_ms } => {
                put_off(slot, *wait_ms);
                slot.set_back(1);
                slot.wait_unsent();
            }
            Verdict::Unknown => {
                put_off(slot, 0);
                slot.set_back(1);
                slot.retry();
            }
            Verdict::Refused { reason, wait_ms } => match reason {
                Reason::Server => {
                    put_off(slot, *wait_ms);
                    slot.set_back(1);
                    slot.retry();
                }
                Reason::RateLimited => {
                    slot.set_back(1);
                    slot.wait_unsent();
                }
                Reason::Token => {
                    slot.set_back(SETBACKS_A_LEVEL);
                    slot.wait_unsent();
                    self.token = Pause::Untold;
                    self.refused_at = refused_at;
                }
                Reason::Ability => {
                    slot.set_back(SETBACKS_A_LEVEL);
                    slot.wait_unsent();
                    if let Some(pause) = self.kinds.get_mut(place(slot.kind())) {
                        *pause = Pause::Untold;
                    }
                    self.refused_at = refused_at;
                }
                // Whether its text says "window closed" or not, and whether it says anything: before an alert is given up, its
                // other message is tried.
                _ if slot.switch() => slot.wait(),
                reason => slot.end(End::Failed(FailedBecause::Rejected(*reason))),
            },
        }
        Ok(())
    }

    pub(super) fn position(&self, id: EntryId, state: State) -> Result<usize, NotInFlight> {
        let found = self.slots.iter().position(|slot| slot.is(id, state));
        found.ok_or(NotInFlight)
    }

    /// What an outcome says of the link and the token, whatever was asked.
    pub(super) fn link_answered<A>(&mut self, verdict: &Verdict<A>, stamp: Instant) {
        match verdict {
            Verdict::NotSent(failure) if is_final(*failure) => {}
            // A server that takes requests and does not answer is no better than none: others wait as well, or each
            // at-most-once entry in turn would end as unknown.
            // One that says "too many" without end, and "at once again", is tried less and less, too.
            Verdict::NotSent(_)
            | Verdict::Unknown
            | Verdict::Refused {
                reason: Reason::RateLimited,
                ..
            } => {
                self.link_failures = self.link_failures.saturating_add(1);
                let wait = self.config.link.wait_ms(self.link_failures, self.jitter);
                self.link_back_at = stamp.after(wait);
            }
            Verdict::Taken(_) | Verdict::Refused { .. } | Verdict::NotTakenIn { .. } => {
                self.link_up();
            }
        }
        if let Verdict::Refused {
            reason: Reason::RateLimited,
            wait_ms,
        } = verdict
        {
            // Nothing was sent before an earlier wait was over, so this one ends later.
            self.asked_to_wait = stamp.after(*wait_ms);
        }
    }
}

impl<const BYTES: usize> Slot<BYTES> {
    /// It waits again as if it had not been sent.
    fn wait_unsent(&mut self) {
        self.state = State::Waiting;
        // It is stored as being in flight, and is not any more.
        if self.duplicates == Duplicates::AtMostOnce {
            self.changed_state();
        }
    }

    /// Nobody knows whether it was sent.
    fn retry(&mut self) {
        match self.duplicates {
            Duplicates::AtMostOnce => self.end(End::Unknown),
            Duplicates::AtLeastOnce => self.state = State::Waiting,
        }
    }
}

fn accept<const BYTES: usize>(
    slot: &mut Slot<BYTES>,
    id: Option<&str>,
    follow: Option<super::Follow>,
    stamp: Instant,
) {
    slot.keep_message_id(id);
    match (id, follow) {
        (None, _) => slot.end(End::AcceptedUntracked(Untracked::UnusableId)),
        (_, None) => slot.end(End::AcceptedUntracked(Untracked::NotFollowed)),
        (Some(_), Some(follow)) => {
            slot.state = State::Accepted;
            slot.forget_tries();
            slot.not_before = stamp.after(follow.intervals.grown_ms(1));
            slot.changed_state();
        }
    }
}

pub(super) fn verdict<'a, A: Answer, T, const TEXT: usize, const ERRORS: usize>(
    outcome: Outcome<&'a A, &Rejection<TEXT, ERRORS>>,
    taken: impl FnOnce(&'a A) -> T,
) -> Verdict<T> {
    let wait_ms = match outcome.retry() {
        Retry::After(wait) => settled(wait),
        _ => 0,
    };
    match outcome {
        Outcome::Accepted(answer) => Verdict::Taken(taken(answer)),
        Outcome::Rejected(rejection) if rejection.was_not_taken_in() => {
            Verdict::NotTakenIn { wait_ms }
        }
        Outcome::Rejected(rejection) => Verdict::Refused {
            reason: rejection.reason,
            wait_ms,
        },
        Outcome::NotSent(failure) => Verdict::NotSent(failure),
        Outcome::Unknown(_) => Verdict::Unknown,
    }
}

/// Whether it would fail the same way each time.
pub(super) fn is_final(failure: Failure) -> bool {
    failure.retry() == Retry::Never
}

/// The entry that was settled was not in flight: it never was, or was settled before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotInFlight;

impl fmt::Display for NotInFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entry is not in flight")
    }
}

impl core::error::Error for NotInFlight {}
