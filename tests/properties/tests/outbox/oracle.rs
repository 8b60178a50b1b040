//! What an outbox has promised, followed from outside: it knows what was put in, handed out and answered, and when.
//!
//! Times are microseconds of true time, as far as the outbox was told of it. Where chance or rounding leaves room, it knows
//! the earliest and the latest moment, and objects only outside of them.

use std::collections::BTreeMap;

use xobito_core::outbox::{Coalesce, Duplicates, End, Ended, Full};

use crate::script::{
    Alert, Answered, LINK_S, QUERIES, QUERY_S, RETRY_S, Setup, TIME_TO_LIVE_S, Template,
};

const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
/// Milliseconds are rounded up here and there.
const SLACK: u64 = 5_000;

/// A time that is known to lie between two moments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    earliest: u64,
    latest: u64,
}

impl Moment {
    const NEVER: Self = Self {
        earliest: u64::MAX,
        latest: u64::MAX,
    };

    fn after(now: u64, least_us: u64, most_us: u64) -> Self {
        Self {
            earliest: now.saturating_add(least_us),
            latest: now.saturating_add(most_us).saturating_add(SLACK),
        }
    }

    fn max(self, other: Self) -> Self {
        Self {
            earliest: self.earliest.max(other.earliest),
            latest: self.latest.max(other.latest),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Waiting,
    Sending,
    Accepted,
    Asking,
    Ended(End),
}

/// An entry, as it must be.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The number of the alert whose text it has.
    pub(crate) text: u32,
    pub(crate) alert: Alert,
    pub(crate) stands_for: u32,
    pub(crate) template_now: bool,
    other_left: bool,
    phase: Phase,
    not_before: Moment,
    expires: Moment,
    tries: u8,
}

/// What is stored of an entry, and when it was.
#[derive(Clone, Debug)]
struct Saved {
    entry: Entry,
    at: u64,
}

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
    token_refused: bool,
    kinds_refused: [bool; 3],
    /// Events that are no ends and were not reported yet: the token, and the kinds.
    untold: [bool; 4],
}

impl Oracle {
    pub(crate) fn new(setup: &Setup, slots: usize, exact: bool) -> Self {
        let interval = MINUTE as f64 / f64::from(setup.per_minute - setup.burst);
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
            slow: Bucket::full(setup.burst, interval + 3_000.0),
            last_to: [None; 3],
            cool: BTreeMap::new(),
            asked_to_wait: Moment::default(),
            link: Moment::default(),
            link_failures: 0,
            token_refused: false,
            kinds_refused: [false; 3],
            untold: [false; 4],
        }
    }

    pub(crate) fn phase(&self, id: u32) -> Option<Phase> {
        self.entries.get(&id).map(|entry| entry.phase)
    }

    /// The youngest entry that an alert joins, if it has one to join: it must where that surely waits, and may where its time is just over.
    fn joins(&self, alert: &Alert, is_over: impl Fn(Moment) -> bool) -> Option<(u32, u32)> {
        let (key, _) = alert.key?;
        let (id, entry) = self.entries.iter().rev().find(|(_, entry)| {
            entry.phase == Phase::Waiting
                && entry.alert.key.is_some_and(|(own, _)| own == key)
                && entry.alert.recipient == alert.recipient
                && !is_over(entry.expires)
        })?;
        Some((*id, entry.stands_for))
    }

    fn must_join(&self, alert: &Alert, now: u64) -> Option<(u32, u32)> {
        self.joins(alert, |expires| expires.earliest <= now)
    }

    fn may_join(&self, alert: &Alert, now: u64) -> Option<(u32, u32)> {
        self.joins(alert, |expires| expires.latest <= now)
    }

    /// How many alerts the outbox says the entry stands for that waits with this alert's key.
    pub(crate) fn counts(&self, alert: &Alert, stands_for: Option<u32>, now: u64) {
        let (must, may) = (self.must_join(alert, now), self.may_join(alert, now));
        let is = |entry: Option<(u32, u32)>| entry.map(|(_, count)| count) == stands_for;
        assert!(is(must) || is(may), "{stands_for:?} instead of {must:?}");
    }

    pub(crate) fn enqueued(
        &mut self,
        id: u32,
        text: u32,
        alert: &Alert,
        stands_for: u32,
        now: u64,
    ) {
        assert!(
            stands_for > 1 || self.must_join(alert, now).is_none(),
            "it joins what waits"
        );
        if stands_for > 1 {
            let joined = Some((id, stands_for - 1));
            assert!(joined == self.may_join(alert, now) || joined == self.must_join(alert, now));
            let entry = self.entries.get_mut(&id).unwrap();
            entry.stands_for += 1;
            if alert.key.unwrap().1 == Coalesce::ReplaceWithLatest {
                let (not_before, tries, stands_for) =
                    (entry.not_before, entry.tries, entry.stands_for);
                *entry = Entry {
                    not_before,
                    tries,
                    stands_for,
                    ..Entry::new(text, alert, now)
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

    /// A newcomer found no slot: nobody had to make room for it.
    pub(crate) fn refused_for_want_of_room(&self, alert: &Alert, now: u64) {
        assert_eq!(self.must_join(alert, now), None);
        assert_eq!(self.entries.len(), self.slots, "there is a free slot");
        let would = |entry: &Entry| self.makes_room(entry, alert, now);
        assert!(
            !self.entries.values().any(would),
            "somebody had to make room"
        );
    }

    fn makes_room(&self, entry: &Entry, alert: &Alert, now: u64) -> bool {
        let drops = self.setup.full == Full::DropLowest;
        match entry.phase {
            Phase::Ended(_) => true,
            Phase::Waiting if now >= entry.expires.latest => true,
            Phase::Waiting => drops && entry.alert.priority < alert.priority,
            Phase::Accepted => drops,
            Phase::Sending | Phase::Asking => false,
        }
    }

    /// An entry made room for a newcomer.
    pub(crate) fn displaced(&mut self, ended: &Ended, alert: &Alert, now: u64) {
        assert_eq!(self.entries.len(), self.slots, "there was room");
        let entry = &self.entries[&ended.id.0];
        let allowed = match entry.phase {
            Phase::Ended(end) => same(end, ended.end),
            Phase::Waiting if ended.end == End::Expired => now + SLACK >= entry.expires.earliest,
            Phase::Waiting => {
                // Of those that wait, it was worth least; nobody was followed, and nobody had ended.
                let lesser = |other: &Entry| {
                    matches!(other.phase, Phase::Accepted | Phase::Ended(_))
                        || other.phase == Phase::Waiting
                            && other.alert.priority < entry.alert.priority
                };
                ended.end == End::Dropped
                    && self.setup.full == Full::DropLowest
                    && entry.alert.priority < alert.priority
                    && !self.entries.values().any(lesser)
            }
            Phase::Accepted => {
                ended.end.cause() == Some("room-needed") && self.setup.full == Full::DropLowest
            }
            Phase::Sending | Phase::Asking => false,
        };
        assert!(
            allowed,
            "{ended:?} had to make room for {alert:?}: {entry:?}"
        );
        self.reported_end(ended, now, true);
    }

    /// The store could not keep a new entry.
    pub(crate) fn withdrawn(&mut self, id: u32) {
        self.entries.remove(&id);
    }

    pub(crate) fn written(&mut self, id: u32, freed: bool, now: u64) {
        if freed {
            self.saved.remove(&id);
        } else {
            let entry = self.entries[&id].clone();
            self.saved.insert(id, Saved { entry, at: now });
        }
    }

    /// The slot of these was written with another entry.
    pub(crate) fn overwritten(&mut self, id: u32) {
        self.saved.remove(&id);
    }

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
                let ahead = (other.alert.priority, std::cmp::Reverse(other_id))
                    > (entry.alert.priority, std::cmp::Reverse(&id));
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
    fn hand_out(&mut self, now: u64) {
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

    fn ready(&self, entry: &Entry) -> Moment {
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
            if let Some(at) = key.and_then(|key| self.cool.get(&key)) {
                if entry.tries == 0 {
                    let cool = self.setup.cool_down_s * SECOND;
                    ready = ready.max(Moment::after(*at, cool, cool));
                }
            }
        }
        ready
    }

    pub(crate) fn in_flight(&self) -> Option<(u32, Phase)> {
        self.entries
            .iter()
            .find(|(_, entry)| matches!(entry.phase, Phase::Sending | Phase::Asking))
            .map(|(id, entry)| (*id, entry.phase))
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
        assert_eq!(self.untold, [false; 4], "an event was to be reported");
    }

    /// The token (0) or a kind (1 to 3) was reported as refused.
    pub(crate) fn told(&mut self, which: usize) {
        assert!(
            self.untold[which],
            "nothing happened that is to be reported"
        );
        self.untold[which] = false;
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

    pub(crate) fn unsent(&mut self, id: u32) {
        let entry = self.entries.get_mut(&id).unwrap();
        match entry.phase {
            Phase::Sending => {
                entry.phase = Phase::Waiting;
                let (text, recipient, key) = (entry.text, entry.alert.recipient, entry.alert.key);
                self.did_not_arrive(text, recipient, key.map(|(key, _)| key));
            }
            _ => entry.phase = Phase::Accepted,
        }
    }

    fn did_not_arrive(&mut self, text: u32, recipient: usize, key: Option<u32>) {
        *self.may_have_arrived.get_mut(&text).unwrap() -= 1;
        if let Some(key) = key {
            self.cool.remove(&(recipient, key));
        }
    }

    pub(crate) fn link_up(&mut self) {
        self.link_failures = 0;
        self.link = Moment::default();
    }

    pub(crate) fn resumed(&mut self) {
        self.token_refused = false;
        self.kinds_refused = [false; 3];
        self.untold = [false; 4];
    }

    /// The answer to what was in flight came.
    pub(crate) fn settled(&mut self, id: u32, answered: Answered, now: u64) {
        self.handed_out.last_mut().unwrap().1 = now;
        let phase = self.entries[&id].phase;
        match answered {
            Answered::BufferTooSmall => {}
            Answered::Accepted | Answered::AcceptedWithoutUsableId if phase == Phase::Sending => {
                self.link_up();
            }
            Answered::NotSent
            | Answered::Lost
            | Answered::Gateway
            | Answered::Accepted
            | Answered::AcceptedWithoutUsableId => {
                self.link_failures = self.link_failures.saturating_add(1);
                let wait = grown(LINK_S, self.link_failures);
                self.link = Moment::after(now, wait / 2, wait);
            }
            _ => self.link_up(),
        }
        if let Answered::RateLimited(seconds) = answered {
            let wait = u64::from(seconds.unwrap_or(60)) * SECOND;
            self.asked_to_wait = self.asked_to_wait.max(Moment::after(now, wait, wait));
        }
        if answered == Answered::Refused(401) {
            self.token_refused = true;
            self.untold[0] = true;
        }
        match phase {
            Phase::Sending => self.settled_send(id, answered, now),
            Phase::Asking => self.settled_query(id, answered, now),
            phase => panic!("{phase:?} is not in flight"),
        }
    }

    fn settled_send(&mut self, id: u32, answered: Answered, now: u64) {
        use Answered as A;
        let entry = self.entries.get_mut(&id).unwrap();
        let (text, recipient) = (entry.text, entry.alert.recipient);
        let key = entry.alert.key.map(|(key, _)| key);
        let not_sent = matches!(answered, A::NotSent | A::BufferTooSmall);
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
        if !not_sent {
            self.last_to[recipient] = Some(now);
        }
        if maybe_sent {
            if let Some(key) = key {
                self.cool.insert((recipient, key), now);
            }
        }
        entry.phase = Phase::Waiting;
        match answered {
            A::Accepted | A::State(_) | A::StateWindowClosed => {
                entry.tries = 0;
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
                let asked = match answered {
                    A::ServerError(seconds) => u64::from(seconds.unwrap_or(30)) * SECOND,
                    _ => 0,
                };
                if entry.alert.duplicates == Duplicates::AtMostOnce {
                    entry.phase = Phase::Ended(End::Unknown);
                } else {
                    entry.tries = entry.tries.saturating_add(1);
                    let wait = grown(RETRY_S, entry.tries);
                    entry.not_before = Moment::after(now, asked.max(wait / 2), asked.max(wait));
                }
            }
            A::NotSent | A::RateLimited(_) | A::Refused(401) => {}
            A::Refused(403) => {
                let kind = entry.kind();
                self.kinds_refused[kind] = true;
                self.untold[kind + 1] = true;
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
        if !maybe_sent {
            self.did_not_arrive(text, recipient, key);
        }
    }

    fn settled_query(&mut self, id: u32, answered: Answered, now: u64) {
        use Answered as A;
        let entry = self.entries.get_mut(&id).unwrap();
        entry.phase = Phase::Accepted;
        match answered {
            A::State("delivered") => entry.phase = Phase::Ended(End::Delivered),
            A::State("read") => entry.phase = Phase::Ended(End::Read),
            A::State("failed") | A::StateWindowClosed => {
                let closed = answered == A::StateWindowClosed;
                if closed && now < entry.expires.earliest && !entry.template_now && entry.other_left
                {
                    entry.phase = Phase::Waiting;
                    entry.switch();
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
                let (text, recipient) = (entry.text, entry.alert.recipient);
                let key = entry.alert.key.map(|(key, _)| key);
                self.did_not_arrive(text, recipient, key);
            }
            A::NotSent | A::RateLimited(_) | A::Refused(401) => {}
            A::BufferTooSmall | A::WindowClosed => {
                entry.phase = ended("accepted-untracked", "refused")
            }
            A::Refused(404) => entry.phase = ended("accepted-untracked", "not-found"),
            A::Refused(_) => entry.phase = ended("accepted-untracked", "refused"),
            A::Accepted
            | A::AcceptedWithoutUsableId
            | A::State(_)
            | A::Lost
            | A::Gateway
            | A::ServerError(_) => {
                entry.tries += 1;
                if entry.tries >= QUERIES {
                    entry.phase = ended("accepted-untracked", "gave-up");
                } else {
                    let asked = match answered {
                        A::ServerError(seconds) => u64::from(seconds.unwrap_or(30)) * SECOND,
                        _ => 0,
                    };
                    let wait = grown(QUERY_S, entry.tries + 1).max(asked);
                    entry.not_before = Moment::after(now, wait, wait);
                }
            }
        }
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
            entry.tries = 0;
            let left = |moment: u64| moment.saturating_sub(saved.at);
            entry.expires = Moment::after(
                now,
                left(entry.expires.earliest),
                left(entry.expires.latest),
            );
            entry.phase = match entry.phase {
                Phase::Sending if entry.alert.duplicates == Duplicates::AtMostOnce => {
                    Phase::Ended(End::Unknown)
                }
                Phase::Sending => Phase::Waiting,
                Phase::Asking => Phase::Accepted,
                phase => phase,
            };
            self.entries.insert(*id, entry);
        }
    }

    /// Nothing is left, and everything was reported.
    pub(crate) fn is_done(&self) -> bool {
        self.entries.is_empty() && self.untold == [false; 4]
    }
}

impl Entry {
    fn new(text: u32, alert: &Alert, now: u64) -> Self {
        let time_to_live = alert.time_to_live_s.unwrap_or(TIME_TO_LIVE_S);
        let time_to_live = time_to_live.saturating_mul(SECOND);
        Self {
            text,
            alert: alert.clone(),
            stands_for: 1,
            template_now: alert.template == Some(Template::First),
            other_left: alert.template.is_some(),
            phase: Phase::Waiting,
            not_before: Moment::default(),
            expires: Moment::after(now, time_to_live, time_to_live),
            tries: 0,
        }
    }

    /// 0 for free-form messages, 1 for templates, 2 for media.
    fn kind(&self) -> usize {
        match (self.template_now, self.alert.media) {
            (true, _) => 1,
            (false, false) => 0,
            (false, true) => 2,
        }
    }

    fn switch(&mut self) {
        self.template_now = !self.template_now;
        self.other_left = false;
        self.tries = 0;
    }

    fn switch_or_fail(&mut self, cause: &str) {
        if self.other_left {
            self.switch();
        } else {
            self.phase = ended("failed", cause);
        }
    }
}

/// Two ways to the same end have the same words.
fn same(one: End, other: End) -> bool {
    (one.word(), one.cause()) == (other.word(), other.cause())
}

/// The end that is called that.
fn ended(word: &str, cause: &str) -> Phase {
    let ends = (0..=u8::MAX).flat_map(|which| (0..=u8::MAX).map(move |why| [which, why]));
    let end = ends
        .take(12 * 256)
        .filter_map(End::from_code)
        .find(|end| end.word() == word && end.cause() == Some(cause));
    Phase::Ended(end.unwrap())
}

/// A wait that doubles.
fn grown((first_s, longest_s): (u64, u64), failures: u8) -> u64 {
    let factor = 2_u64.saturating_pow(u32::from(failures) - 1);
    first_s.saturating_mul(factor).min(longest_s) * SECOND
}

/// A bucket of tokens, counted.
struct Bucket {
    capacity: f64,
    interval_us: f64,
    tokens: f64,
    at: u64,
}

impl Bucket {
    fn full(burst: u32, interval_us: f64) -> Self {
        let capacity = f64::from(burst);
        Self {
            capacity,
            interval_us,
            tokens: capacity,
            at: 0,
        }
    }

    fn fill(&mut self, now: u64) {
        let more = (now - self.at) as f64 / self.interval_us;
        self.tokens = (self.tokens + more).min(self.capacity);
        self.at = now;
    }

    /// Takes one; whether it was there.
    fn take(&mut self, now: u64) -> bool {
        self.fill(now);
        self.tokens -= 1.0;
        self.tokens > -1e-6
    }

    fn empty(&mut self, now: u64) {
        self.fill(now);
        self.tokens = self.tokens.min(0.0);
    }

    /// When there is one.
    fn ready_at(&self) -> u64 {
        let missing = (1.0 - self.tokens).max(0.0);
        self.at + (missing * self.interval_us) as u64
    }
}
