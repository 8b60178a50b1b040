//! What is handed out, and when.

use xobito_core::outbox::Duplicates;

use super::moment::{MINUTE, Moment, SECOND, SLACK};
use super::{Entry, Oracle, Phase};

impl Oracle {
    /// A message was handed out and sent.
    pub(crate) fn sends(&mut self, id: u32, now: u64) {
        self.nothing_to_tell(now);
        self.hand_out(now);
        let entry = &self.entries[&id];
        assert_eq!(entry.phase, Phase::Waiting);
        let ready = self.ready(entry);
        assert!(
            ready.earliest <= now,
            "{now}: too early, {ready:?}: {entry:?}"
        );
        assert!(now < entry.expires.latest, "{now}: too late: {entry:?}");
        if self.exact {
            for (other_id, other) in &self.entries {
                let ahead = other.rank(*other_id) < entry.rank(id);
                assert!(
                    !(ahead && self.ready(other).latest <= now && other.phase == Phase::Waiting),
                    "{now}: {other:?} was before {entry:?}"
                );
            }
        }
        let recipient = entry.alert.recipient;
        self.last_to[recipient] = Some(now);
        if let Some((key, _)) = entry.alert.key {
            self.cool.insert((recipient, key), now);
        }
        *self.may_have_arrived.entry(entry.text).or_default() += 1;
        if entry.alert.duplicates == Duplicates::AtMostOnce {
            let times = self.may_have_arrived[&entry.text];
            assert!(times <= 1, "sent {times} times: {entry:?}");
        }
        self.entries.get_mut(&id).unwrap().phase = Phase::Sending;
    }

    /// A query was handed out.
    pub(crate) fn asks(&mut self, id: u32, now: u64) {
        self.nothing_to_tell(now);
        self.hand_out(now);
        let entry = &self.entries[&id];
        assert_eq!(entry.phase, Phase::Accepted);
        assert!(
            self.ready(entry).earliest <= now,
            "{now}: too early: {entry:?}"
        );
        if self.exact {
            let first =
                |other: &Entry| other.phase == Phase::Waiting && self.ready(other).latest <= now;
            assert!(!self.entries.values().any(first), "messages go first");
        }
        self.entries.get_mut(&id).unwrap().phase = Phase::Asking;
    }

    /// Whatever is handed out counts, and nothing may be handed out before its time.
    pub(super) fn hand_out(&mut self, now: u64) {
        assert!(self.in_flight().is_none(), "two at once");
        let all = self.asked_to_wait.max(self.link);
        assert!(!self.token_refused, "the token was refused");
        assert!(all.earliest <= now, "{now}: all have to wait: {all:?}");
        assert!(self.fast.take(now), "{now}: over the budget");
        self.slow.take(now);
        self.handed_out.push((now, u64::MAX));
        let in_window = |from: u64| {
            let within = |(at, _): &&(u64, u64)| *at >= from && *at < from + MINUTE;
            self.handed_out.iter().filter(within).count()
        };
        let budget = self.setup.per_minute as usize;
        for (at, done) in &self.handed_out {
            assert!(in_window(*at) <= budget, "over the budget from {at}");
            // It may have arrived as late as it was settled, and all others at once.
            if *done != u64::MAX {
                assert!(
                    in_window(done + 1) < budget,
                    "over the budget on arrival, from {done}"
                );
            }
        }
    }

    pub(super) fn ready(&self, entry: &Entry) -> Moment {
        let mut ready = entry.not_before;
        if entry.phase == Phase::Waiting {
            if self.kinds_refused[entry.kind()] {
                return Moment::NEVER;
            }
            let recipient = entry.alert.recipient;
            if let Some(at) = self.last_to[recipient] {
                let gap = self.setup.gap_s * SECOND;
                ready = ready.max(Moment::after(at, gap, gap));
            }
            let key = entry.alert.key.map(|(key, _)| (recipient, key));
            if let Some(at) = key.and_then(|key| self.cool.get(&key))
                && !entry.may_have_arrived
                && (!entry.was_accepted || self.resets > 0)
            {
                let cool = self.setup.cool_down_s * SECOND;
                // A store that kept only the last state of an entry does not know that it was accepted before, and what is not
                // remembered holds back nothing.
                let least = if entry.was_accepted || !self.exact {
                    0
                } else {
                    cool
                };
                ready = ready.max(Moment::after(*at, least, cool));
            }
        }
        ready
    }

    /// Nothing was handed out: nothing could have been, until then.
    pub(crate) fn waits(&self, until: Option<u64>, now: u64) {
        self.nothing_to_tell(now);
        if let Some(until) = until {
            assert!(until > now, "nothing to wait for");
        }
        let latest = |entry: &Entry| {
            let ready = self.ready(entry).max(self.asked_to_wait).max(self.link);
            ready.latest.max(self.slow.ready_at()).saturating_add(SLACK)
        };
        if self.exact && !self.token_refused {
            for entry in self.entries.values() {
                if matches!(entry.phase, Phase::Waiting | Phase::Accepted) {
                    let latest = latest(entry);
                    assert!(latest > now, "{now}: it had to go out: {entry:?}");
                    if latest != u64::MAX {
                        let until = until.expect("something to wait for");
                        assert!(
                            until <= latest,
                            "{now}: until {until} is too long for {entry:?}"
                        );
                    }
                }
            }
        }
        for entry in self.entries.values() {
            if entry.phase == Phase::Waiting && entry.expires.latest != u64::MAX {
                let until = until.expect("it will expire");
                assert!(
                    until <= entry.expires.latest,
                    "{entry:?} expires before {until}"
                );
            }
        }
    }
}
