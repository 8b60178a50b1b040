//! What is put in, and who makes room for it.

use xobito_core::outbox::{Coalesce, End, Ended, Full};

use super::entry::same;
use super::moment::{Moment, SECOND, SLACK};
use super::{Entry, Oracle, Phase};
use crate::script::Alert;

impl Oracle {
    pub(crate) fn enqueued(
        &mut self,
        id: u32,
        text: u32,
        alert: &Alert,
        stands_for: u32,
        now: u64,
    ) {
        let joined = (stands_for > 1).then(|| (id, stands_for - 1));
        assert!(
            self.may_join(alert, now).contains(&joined),
            "it joins what waits"
        );
        if joined.is_some() {
            let entry = self.entries.get_mut(&id).unwrap();
            entry.stands_for += 1;
            if alert.key.unwrap().1 == Coalesce::ReplaceWithLatest {
                let newer = Entry::new(text, alert, now);
                let cool = self.setup.cool_down_s * SECOND;
                *entry = Entry {
                    stands_for: entry.stands_for,
                    not_before: entry.not_before.min(Moment::after(now, cool, cool)),
                    tries: entry.tries,
                    setbacks: entry.setbacks,
                    may_have_arrived: entry.may_have_arrived,
                    ..newer
                };
            }
            return;
        }
        assert!(
            !self.entries.contains_key(&id)
                && !self.saved.contains_key(&id)
                && !self.reported.contains_key(&id),
            "ids are used once"
        );
        self.entries.insert(id, Entry::new(text, alert, now));
        assert!(self.entries.len() <= self.slots, "more than fit");
    }

    /// Each entry that an alert may join, with its count, and `None` where it may find none: the youngest that waits, unless that
    /// one's time is over, which is uncertain where it is just over.
    fn may_join(&self, alert: &Alert, now: u64) -> Vec<Option<(u32, u32)>> {
        let mut joined = Vec::new();
        for (id, entry) in self.entries.iter().rev() {
            let fits = alert.key.is_some_and(|(key, _)| {
                entry.phase == Phase::Waiting
                    && entry.alert.key.is_some_and(|(own, _)| own == key)
                    && entry.alert.recipient == alert.recipient
            });
            if fits && now < entry.expires.latest {
                joined.push(Some((*id, entry.stands_for)));
            }
            if fits && now < entry.expires.earliest {
                return joined;
            }
        }
        joined.push(None);
        joined
    }

    /// How many alerts the outbox says the entry stands for that waits with this alert's key.
    pub(crate) fn counts(&self, alert: &Alert, stands_for: Option<u32>, now: u64) {
        let expected = self.may_join(alert, now);
        let mut counts = expected.iter().map(|entry| entry.map(|(_, count)| count));
        assert!(
            counts.any(|count| count == stands_for),
            "{stands_for:?} instead of one of {expected:?}"
        );
    }

    /// A newcomer found no slot: nobody had to make room for it.
    pub(crate) fn refused_for_want_of_room(&self, alert: &Alert, now: u64) {
        assert!(
            self.may_join(alert, now).contains(&None),
            "it joins what waits"
        );
        assert_eq!(self.entries.len(), self.slots, "there is a free slot");
        let would = |entry: &Entry| self.makes_room(entry, alert, now);
        assert!(
            !self.entries.values().any(would),
            "somebody had to make room"
        );
    }

    pub(super) fn makes_room(&self, entry: &Entry, alert: &Alert, now: u64) -> bool {
        let drops = self.setup.full == Full::DropLowest;
        match entry.phase {
            Phase::Ended(_) => true,
            Phase::Waiting if now >= entry.expires.latest => true,
            Phase::Accepted if is_only_followed(entry, now) => drops,
            Phase::Waiting | Phase::Accepted => drops && entry.alert.priority < alert.priority,
            Phase::Sending | Phase::Asking => false,
        }
    }

    /// Of those that may still be sent; nobody was followed for nothing else, and nobody had ended.
    fn was_worth_least(&self, entry: &Entry, alert: &Alert, now: u64) -> bool {
        let lesser = |other: &Entry| match other.phase {
            Phase::Ended(_) => true,
            Phase::Accepted if is_only_followed(other, now) => true,
            Phase::Accepted | Phase::Waiting => other.alert.priority < entry.alert.priority,
            Phase::Sending | Phase::Asking => false,
        };
        self.setup.full == Full::DropLowest
            && entry.alert.priority < alert.priority
            && !self.entries.values().any(lesser)
    }

    /// An entry made room for a newcomer.
    pub(crate) fn displaced(&mut self, ended: &Ended, alert: &Alert, now: u64) {
        assert_eq!(self.entries.len(), self.slots, "there was room");
        let entry = &self.entries[&ended.id.0];
        let allowed = match entry.phase {
            Phase::Ended(end) => same(end, ended.end),
            Phase::Waiting if ended.end == End::Expired => now + SLACK >= entry.expires.earliest,
            Phase::Waiting => ended.end == End::Dropped && self.was_worth_least(entry, alert, now),
            Phase::Accepted => {
                let until = entry.falls_back_until();
                let was_done = until.is_none_or(|until| now + SLACK >= until.earliest);
                ended.end.cause() == Some("room-needed")
                    && self.setup.full == Full::DropLowest
                    && (was_done || self.was_worth_least(entry, alert, now))
            }
            Phase::Sending | Phase::Asking => false,
        };
        assert!(
            allowed,
            "{ended:?} had to make room for {alert:?}: {entry:?}"
        );
        self.reported_end(ended, now, true);
    }
}

/// Nothing of it will be sent any more.
fn is_only_followed(entry: &Entry, now: u64) -> bool {
    let until = entry.falls_back_until();
    until.is_none_or(|until| now >= until.latest)
}
