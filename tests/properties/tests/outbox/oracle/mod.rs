//! What an outbox has promised, followed from outside: it knows what was put in, handed out and answered, and when.
//!
//! Times are microseconds of true time, as far as the outbox was told of it. Where chance or rounding leaves room, it knows
//! the earliest and the latest moment, and objects only outside of them.

mod enter;
mod entry;
mod moment;
mod rounds;
mod settle;
mod store;

use std::collections::BTreeMap;

use entry::same;
pub(crate) use entry::{Entry, Phase};
use moment::{Bucket, MINUTE, Moment};
use store::Saved;
use xobito_core::outbox::{Duplicates, End, Ended};

use crate::script::Setup;

pub(crate) struct Oracle {
    setup: Setup,
    /// Gaps and cool-downs of all are remembered, so what may go must go.
    exact: bool,
    slots: usize,
    pub(crate) entries: BTreeMap<u32, Entry>,
    saved: BTreeMap<u32, Saved>,
    /// Those whose end was reported, and how often the power failed since.
    reported: BTreeMap<u32, u32>,
    resets: u32,
    /// How many sendings of a text may have reached the recipient.
    may_have_arrived: BTreeMap<u32, u32>,
    handed_out: Vec<(u64, u64)>,
    /// Tokens of a bucket that fills as fast as is allowed, and of one that is a little slower.
    fast: Bucket,
    slow: Bucket,
    last_to: [Option<u64>; 3],
    cool: BTreeMap<(usize, u32), u64>,
    asked_to_wait: Moment,
    link: Moment,
    link_failures: u8,
    /// How often in a row something was put back unsent.
    unsent: u8,
    token_refused: bool,
    token_refused_to_queries: bool,
    kinds_refused: [bool; 3],
    /// How many events that are no ends were not reported yet: of the token, and of the kinds.
    untold: [u8; 4],
}

impl Oracle {
    pub(crate) fn new(setup: &Setup, slots: usize, exact: bool) -> Self {
        let interval = MINUTE / u64::from(setup.per_minute - setup.burst);
        Self {
            setup: setup.clone(),
            exact,
            slots,
            entries: BTreeMap::new(),
            saved: BTreeMap::new(),
            reported: BTreeMap::new(),
            resets: 0,
            may_have_arrived: BTreeMap::new(),
            handed_out: Vec::new(),
            fast: Bucket::full(setup.burst, interval),
            slow: Bucket::full(setup.burst, interval + 3_000),
            last_to: [None; 3],
            cool: BTreeMap::new(),
            asked_to_wait: Moment::default(),
            link: Moment::default(),
            link_failures: 0,
            unsent: 0,
            token_refused: false,
            token_refused_to_queries: false,
            kinds_refused: [false; 3],
            untold: [0; 4],
        }
    }

    pub(crate) fn phase(&self, id: u32) -> Option<Phase> {
        self.entries.get(&id).map(|entry| entry.phase)
    }

    pub(crate) fn in_flight(&self) -> Option<(u32, Phase)> {
        self.entries
            .iter()
            .find(|(_, entry)| matches!(entry.phase, Phase::Sending | Phase::Asking))
            .map(|(id, entry)| (*id, entry.phase))
    }

    /// The token (0) or a kind (1 to 3) was reported as refused.
    pub(crate) fn told(&mut self, which: usize) {
        assert!(
            self.untold[which] > 0,
            "nothing happened that is to be reported"
        );
        self.untold[which] -= 1;
    }

    pub(crate) fn reported_end(&mut self, ended: &Ended, now: u64, displaced: bool) {
        let id = ended.id.0;
        let entry = self
            .entries
            .remove(&id)
            .unwrap_or_else(|| panic!("{ended:?} came from nowhere"));
        match entry.phase {
            Phase::Ended(end) => assert!(same(end, ended.end), "{end} became {}", ended.end),
            Phase::Waiting if ended.end == End::Expired => {
                assert!(
                    entry.expires.earliest <= now,
                    "{now}: not over yet: {entry:?}"
                );
            }
            _ => assert!(displaced, "{ended:?}: {entry:?}"),
        }
        if ended.end == End::Unknown {
            assert_eq!(entry.alert.duplicates, Duplicates::AtMostOnce);
        }
        assert_eq!(ended.stands_for, entry.stands_for);
        assert_eq!(
            ended.key.map(|key| key.0),
            entry.alert.key.map(|(key, _)| key)
        );
        let before = self.reported.insert(id, self.resets);
        assert!(
            before.is_none_or(|resets| resets < self.resets),
            "{ended:?} was reported twice"
        );
    }

    pub(crate) fn link_up(&mut self) {
        self.link_failures = 0;
        self.unsent = 0;
        self.link = Moment::default();
    }

    pub(crate) fn resumed(&mut self) {
        self.token_refused = false;
        self.token_refused_to_queries = false;
        self.kinds_refused = [false; 3];
        self.untold = [0; 4];
    }

    /// What is to be told is told before anything else is done.
    fn nothing_to_tell(&self, now: u64) {
        for (id, entry) in &self.entries {
            assert!(
                !matches!(entry.phase, Phase::Ended(_)),
                "{id} was to be reported: {entry:?}"
            );
            let expired = entry.phase == Phase::Waiting && entry.expires.latest <= now;
            assert!(!expired, "{id} expired: {entry:?}");
        }
        assert_eq!(self.untold, [0; 4], "an event was to be reported");
    }

    /// Nothing is left, and everything was reported.
    pub(crate) fn is_done(&self) -> bool {
        self.entries.is_empty() && self.untold == [0; 4]
    }
}
