//! What follows from answers.

use xobito_core::outbox::{Duplicates, End};

use super::entry::{Entry, ended};
use super::moment::{Moment, SECOND, grown};
use super::{Oracle, Phase};
use crate::script::{Answered, LINK_S, QUERIES, QUERY_S, RETRY_S};

impl Oracle {
    /// The answer to what was in flight came.
    pub(crate) fn settled(&mut self, id: u32, answered: Answered, now: u64) {
        self.handed_out.last_mut().unwrap().1 = now;
        let phase = self.entries[&id].phase;
        match answered {
            Answered::BufferTooSmall => {}
            Answered::Accepted | Answered::AcceptedWithoutUsableId if phase == Phase::Sending => {
                self.link_up();
            }
            // A query that is not answered, or by what settles nothing, says nothing about the link, nor does one too many.
            Answered::Lost
            | Answered::RateLimited(_)
            | Answered::Gateway
            | Answered::Accepted
            | Answered::AcceptedWithoutUsableId
                if phase == Phase::Asking => {}
            Answered::NotSent
            | Answered::Lost
            | Answered::Gateway
            | Answered::RateLimited(_)
            | Answered::Accepted
            | Answered::AcceptedWithoutUsableId => {
                self.link_failures = self.link_failures.saturating_add(1);
                let wait = grown(LINK_S, self.link_failures);
                self.link = Moment::after(now, wait / 2, wait);
            }
            _ => self.link_up(),
        }
        if matches!(answered, Answered::RateLimited(_)) {
            let most = if phase == Phase::Asking { 60 } else { 3600 };
            let wait = asked_to_wait(answered).min(most * SECOND);
            self.asked_to_wait = self.asked_to_wait.max(Moment::after(now, wait, wait));
        }
        if answered == Answered::Refused(401) {
            if phase == Phase::Sending {
                self.token_refused = true;
                self.untold[0] += 1;
            } else if !self.token_refused_to_queries {
                self.token_refused_to_queries = true;
                self.untold[0] += 1;
            }
        }
        if phase == Phase::Asking
            && matches!(answered, Answered::State(_) | Answered::StateWindowClosed)
        {
            self.token_refused_to_queries = false;
        }
        match phase {
            Phase::Sending => self.settled_send(id, answered, now),
            Phase::Asking => self.settled_query(id, answered, now),
            phase => panic!("{phase:?} is not in flight"),
        }
    }

    pub(super) fn settled_send(&mut self, id: u32, answered: Answered, now: u64) {
        use Answered as A;
        let not_sent = matches!(answered, A::NotSent | A::BufferTooSmall | A::Refused(408));
        let maybe_sent = matches!(
            answered,
            A::Accepted
                | A::AcceptedWithoutUsableId
                | A::State(_)
                | A::StateWindowClosed
                | A::Lost
                | A::Gateway
                | A::ServerError(_)
        );
        if !maybe_sent {
            self.did_not_arrive(id, not_sent);
        }
        let entry = self.entries.get_mut(&id).unwrap();
        let recipient = entry.alert.recipient;
        if !not_sent {
            self.last_to[recipient] = Some(now);
        }
        entry.may_have_arrived |= maybe_sent;
        entry.set_back(answered);
        if let Some((key, _)) = entry.alert.key
            && (maybe_sent || (entry.may_have_arrived && !not_sent))
        {
            self.cool.insert((recipient, key), now);
        }
        entry.phase = Phase::Waiting;
        match answered {
            A::Accepted | A::State(_) | A::StateWindowClosed => {
                entry.tries = 0;
                entry.setbacks = 0;
                entry.phase = if self.setup.followed {
                    let first = QUERY_S.0 * SECOND;
                    entry.not_before = Moment::after(now, first, first);
                    Phase::Accepted
                } else {
                    ended("accepted-untracked", "not-followed")
                };
            }
            A::AcceptedWithoutUsableId => entry.phase = ended("accepted-untracked", "unusable-id"),
            A::Lost | A::Gateway | A::ServerError(_) => {
                if entry.alert.duplicates == Duplicates::AtMostOnce {
                    entry.phase = Phase::Ended(End::Unknown);
                } else {
                    entry.put_off(answered, now);
                }
            }
            A::Refused(408) => entry.put_off(answered, now),
            A::NotSent | A::RateLimited(_) | A::Refused(401) => {}
            A::Refused(403) => {
                let kind = entry.kind();
                self.kinds_refused[kind] = true;
                self.untold[kind + 1] = 1;
            }
            A::BufferTooSmall => entry.phase = ended("failed", "buffer"),
            A::WindowClosed => entry.switch_or_fail("window-closed"),
            A::Refused(status) => {
                let cause = match status {
                    301 => "redirected",
                    400 => "bad-request",
                    404 => "not-found",
                    _ => "validation",
                };
                entry.switch_or_fail(cause);
            }
        }
    }

    pub(super) fn settled_query(&mut self, id: u32, answered: Answered, now: u64) {
        use Answered as A;
        let entry = self.entries.get_mut(&id).unwrap();
        entry.phase = Phase::Accepted;
        match answered {
            A::State("delivered") => entry.phase = Phase::Ended(End::Delivered),
            A::State("read") => entry.phase = Phase::Ended(End::Read),
            A::State("failed") | A::StateWindowClosed => {
                let closed = answered == A::StateWindowClosed;
                let until = entry.falls_back_until();
                if closed && until.is_some_and(|until| now < until.earliest) {
                    entry.phase = Phase::Waiting;
                    entry.switch();
                    entry.was_accepted = true;
                    entry.not_before = Moment::default();
                } else {
                    entry.phase = ended(
                        "failed",
                        if closed {
                            "window-closed"
                        } else {
                            "undeliverable"
                        },
                    );
                }
                let text = entry.text;
                *self.may_have_arrived.get_mut(&text).unwrap() -= 1;
            }
            A::NotSent => {}
            A::BufferTooSmall | A::WindowClosed => {
                entry.phase = ended("accepted-untracked", "refused");
            }
            A::Refused(404) => entry.phase = ended("accepted-untracked", "not-found"),
            A::Accepted
            | A::RateLimited(_)
            | A::Refused(401 | 408)
            | A::AcceptedWithoutUsableId
            | A::State(_)
            | A::Lost
            | A::Gateway
            | A::ServerError(_) => {
                entry.tries += 1;
                if entry.tries >= QUERIES {
                    entry.phase = ended("accepted-untracked", "gave-up");
                } else {
                    let wait = grown(QUERY_S, entry.tries + 1).max(asked_to_wait(answered));
                    entry.not_before = Moment::after(now, wait, wait);
                }
            }
            A::Refused(_) => entry.phase = ended("accepted-untracked", "refused"),
        }
    }

    pub(crate) fn unsent(&mut self, id: u32, now: u64) {
        self.handed_out.pop();
        self.fast.give_back();
        self.slow.give_back();
        let entry = self.entries.get_mut(&id).unwrap();
        match entry.phase {
            Phase::Sending => {
                self.unsent = self.unsent.saturating_add(1);
                let wait = grown(LINK_S, self.unsent);
                entry.not_before = Moment::after(now, wait / 2, wait);
                entry.phase = Phase::Waiting;
                self.did_not_arrive(id, true);
            }
            _ => entry.phase = Phase::Accepted,
        }
    }

    /// The last sending of this entry did not arrive; it may not even have left.
    pub(super) fn did_not_arrive(&mut self, id: u32, unsent: bool) {
        let entry = &self.entries[&id];
        *self.may_have_arrived.get_mut(&entry.text).unwrap() -= 1;
        // An earlier one may have.
        if !entry.may_have_arrived {
            let recipient = entry.alert.recipient;
            if let Some((key, _)) = entry.alert.key {
                self.cool.remove(&(recipient, key));
            }
            if unsent {
                self.last_to[recipient] = None;
            }
        }
    }
}

impl Entry {
    /// What goes wrong each time goes behind what does not.
    fn set_back(&mut self, answered: Answered) {
        use Answered as A;
        let by = match answered {
            A::Refused(401 | 403) => 4,
            A::Lost | A::Gateway | A::ServerError(_) | A::RateLimited(_) | A::Refused(408) => 1,
            _ => 0,
        };
        self.setbacks = self.setbacks.saturating_add(by);
    }

    /// It is sent again later, and others meanwhile.
    fn put_off(&mut self, answered: Answered, now: u64) {
        self.tries = self.tries.saturating_add(1);
        let (wait, asked) = (grown(RETRY_S, self.tries), asked_to_wait(answered));
        self.not_before = Moment::after(now, asked.max(wait / 2), asked.max(wait));
    }
}

/// The least wait that comes with an answer.
fn asked_to_wait(answered: Answered) -> u64 {
    let seconds = match answered {
        Answered::ServerError(seconds) => seconds.unwrap_or(30),
        Answered::RateLimited(seconds) => seconds.unwrap_or(60),
        Answered::Refused(408) => 30,
        _ => 0,
    };
    u64::from(seconds) * SECOND
}
