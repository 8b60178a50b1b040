//! What is stored, and comes back after a reset.

use xobito_core::outbox::End;

use super::moment::{Moment, SECOND};
use super::{Entry, Oracle, Phase};

/// What is stored of an entry, and when it was.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    entry: Entry,
    at: u64,
}

impl Oracle {
    pub(crate) fn written(&mut self, id: u32, freed: bool, now: u64) {
        self.unsent = 0;
        if freed {
            self.saved.remove(&id);
        } else {
            let entry = self.entries[&id].clone();
            self.saved.insert(id, Saved { entry, at: now });
        }
    }

    /// Everything was written: a reset would change nothing but what is not worth a write.
    pub(crate) fn all_is_stored(&self) {
        let ids = |entries: Vec<&u32>| entries.into_iter().copied().collect::<Vec<_>>();
        assert_eq!(
            ids(self.saved.keys().collect()),
            ids(self.entries.keys().collect())
        );
        for (entry, Saved { entry: saved, .. }) in self.entries.values().zip(self.saved.values()) {
            let what = |entry: &Entry| (entry.text, entry.template_now, entry.other_left);
            assert_eq!(what(entry), what(saved), "{entry:?}");
            assert!(saved.stands_for <= entry.stands_for);
            let queries =
                |entry: &Entry| (entry.after_reset() == Phase::Accepted).then_some(entry.tries);
            assert_eq!(queries(entry), queries(saved), "{entry:?}");
            let (phase, saved) = (entry.after_reset(), saved.after_reset());
            let expired = phase == Phase::Ended(End::Expired);
            assert!(
                phase == saved || expired && saved == Phase::Waiting,
                "{saved:?} stored: {entry:?}"
            );
        }
    }

    /// The slot of these was written with another entry.
    pub(crate) fn overwritten(&mut self, id: u32) {
        self.saved.remove(&id);
    }

    /// The store could not keep a new entry.
    pub(crate) fn withdrawn(&mut self, id: u32) {
        self.entries.remove(&id);
    }

    /// The power failed, and what was stored came back.
    pub(crate) fn reset(&mut self, now: u64) {
        self.resets += 1;
        if let Some(last) = self.handed_out.last_mut() {
            last.1 = last.1.min(now);
        }
        let gap = self.setup.gap_s * SECOND;
        self.last_to = [None; 3];
        self.cool.clear();
        self.asked_to_wait = Moment::after(now, gap, gap);
        self.link_up();
        self.resumed();
        self.fast.empty(now);
        self.slow.empty(now);
        self.entries.clear();
        for (id, saved) in &self.saved {
            let mut entry = saved.entry.clone();
            entry.not_before = Moment::default();
            entry.setbacks = 0;
            entry.may_have_arrived = entry.tries > 0;
            let left = |moment: u64| moment.saturating_sub(saved.at);
            entry.expires = Moment::after(
                now,
                left(entry.expires.earliest),
                left(entry.expires.latest),
            );
            entry.phase = entry.after_reset();
            self.entries.insert(*id, entry);
        }
    }
}
