//! A device: an outbox, its driver, its store, and the power that may fail at any moment.

use std::time::Duration;

use xobito_core::Kind;
use xobito_core::outbox::{
    EnqueueError, Entry, EntryId, Event, Key, NotInFlight, Outbox, Step, Unsaved,
};

use xobito_properties::store::Store;

use crate::oracle::{Oracle, Phase};
use crate::script::{Alert, Answered, Op, Setup, Template};
use crate::wire::{RECIPIENTS, asked, requests, sent};

const SLOTS: usize = 4;
pub(crate) const BYTES: usize = 384;

pub(crate) struct World<const RECENT: usize> {
    setup: Setup,
    outbox: Outbox<SLOTS, BYTES, RECENT>,
    store: Store,
    oracle: Oracle,
    /// True time, and when the device's clock was 0.
    now_us: u64,
    booted_us: u64,
    /// The latest time that the outbox was told.
    told_us: u64,
    late_us: u64,
    sleep_until_us: Option<u64>,
    writes_left: Option<u32>,
    /// Which entry each slot of the store was last written with.
    stored: [Option<u32>; SLOTS],
    alerts: u32,
    last_enqueued: Option<(EntryId, u32)>,
}

/// The power failed.
struct Crash;

impl<const RECENT: usize> World<RECENT> {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            setup: setup.clone(),
            outbox: Outbox::new(setup.config()),
            store: Store::new(SLOTS),
            oracle: Oracle::new(setup, SLOTS, RECENT >= 9),
            now_us: 0,
            booted_us: 0,
            told_us: 0,
            late_us: 0,
            sleep_until_us: None,
            writes_left: None,
            stored: [None; SLOTS],
            alerts: 0,
            last_enqueued: None,
        }
    }

    pub(crate) fn perform(&mut self, op: &Op) {
        if self.happens(op).is_err() {
            self.reset(0);
        }
        let len = self.outbox.len();
        assert!(len <= SLOTS && len == self.oracle.entries.len());
        assert_eq!(self.outbox.is_empty(), len == 0);
    }

    fn happens(&mut self, op: &Op) -> Result<(), Crash> {
        match op {
            Op::Enqueue(alert) => self.enqueue(alert)?,
            Op::Poll { jitter } => self.poll(*jitter)?,
            Op::Settle(answered) => {
                if let Some((id, phase)) = self.oracle.in_flight() {
                    self.settle(id, phase, *answered)?;
                }
            }
            Op::Advance { us } => self.now_us += us,
            Op::Sleep => {
                if let Some(until) = self.sleep_until_us.take() {
                    self.now_us = self.now_us.max(until);
                }
            }
            Op::Unsend => {
                if let Some((id, _)) = self.oracle.in_flight() {
                    self.outbox.unsend(EntryId(id));
                    self.oracle.unsent(id, self.told_us);
                    self.persist()?;
                }
            }
            Op::Withdraw => self.withdraw()?,
            Op::Resume => {
                self.outbox.resume();
                self.oracle.resumed();
            }
            Op::LinkUp => {
                self.outbox.link_up();
                self.oracle.link_up();
            }
            Op::SettleWrong => self.settle_wrong(),
            Op::Late { us } => self.late_us = *us,
            Op::ClockSet => {
                let back = self.now_us - self.told_us + 61_000_000;
                if self.now_us - self.booted_us >= back {
                    self.now_us = self.told_us;
                    self.booted_us += 61_000_000;
                    self.late_us = 0;
                    self.poll(0)?;
                }
            }
            Op::Reset { off_us } => self.reset(*off_us),
            Op::CrashAtWrite { after } => self.writes_left = Some(*after),
        }
        Ok(())
    }

    /// What the device's clock says, and what time it is as far as the outbox knows.
    fn tell(&mut self) -> (Duration, u64) {
        let late = std::mem::take(&mut self.late_us);
        let said = (self.now_us - self.booted_us).saturating_sub(late);
        self.told_us = self.told_us.max(self.booted_us + said);
        (Duration::from_micros(said), self.told_us)
    }

    fn enqueue(&mut self, alert: &Alert) -> Result<(), Crash> {
        self.alerts += 1;
        let text = self.alerts;
        let (request, template) = requests(text, alert);
        let to = RECIPIENTS[alert.recipient];
        let mut entry = Entry::new(&request, to, alert.duplicates).priority(alert.priority);
        if let Some(seconds) = alert.time_to_live_s {
            entry = entry.time_to_live(Duration::from_secs(seconds));
        }
        if let Some((key, coalesce)) = alert.key {
            entry = entry.key(Key(key), coalesce);
        }
        entry = match alert.template {
            Some(Template::Fallback) => entry.fallback(&template),
            Some(Template::First) => entry.template_first(&template),
            None => entry,
        };
        let (said, now) = self.tell();
        let result = self.outbox.enqueue(&entry, said);
        let enqueued = match result {
            Ok(enqueued) => enqueued,
            Err(EnqueueError::Full { slots: SLOTS }) => {
                self.oracle.refused_for_want_of_room(alert, now);
                return self.persist();
            }
            Err(error) => panic!("{error}"),
        };
        if let Some(displaced) = &enqueued.displaced {
            self.oracle.displaced(displaced, alert, now);
        }
        let id = enqueued.id.0;
        self.oracle
            .enqueued(id, text, alert, enqueued.stands_for, now);
        if let Some((key, _)) = alert.key {
            let stands_for = self.outbox.stands_for(Key(key), &to);
            self.oracle.counts(alert, stands_for, now);
        }
        self.last_enqueued = Some((enqueued.id, enqueued.stands_for));
        self.persist()
    }

    fn withdraw(&mut self) -> Result<(), Crash> {
        let Some((id, stands_for)) = self.last_enqueued.take() else {
            return Ok(());
        };
        let before = self.outbox.len();
        let entry = self.outbox.entries().find(|(_, entry)| entry.id == id);
        let new = entry.is_some_and(|(_, entry)| entry.attempts == 0 && entry.stands_for == 1);
        self.outbox.withdraw(id);
        if self.outbox.len() < before {
            assert!(new && stands_for == 1 && self.oracle.phase(id.0) == Some(Phase::Waiting));
            self.oracle.withdrawn(id.0);
        }
        self.persist()
    }

    fn poll(&mut self, jitter: u32) -> Result<(), Crash> {
        // What was reported has been taken care of by now.
        self.persist()?;
        let (said, now) = self.tell();
        let to_true = self.told_us - us(said);
        let step = self.outbox.poll(said, jitter);
        if let Some((id, _)) = self.oracle.in_flight()
            && !matches!(step, Step::Report(_))
        {
            assert_eq!(step, Step::InFlight { id: EntryId(id) });
            return Ok(());
        }
        self.sleep_until_us = None;
        match step {
            Step::Send { id, request } => {
                let entry = &self.oracle.entries[&id.0];
                let (own, template) = requests(entry.text, &entry.alert);
                let expected = if entry.template_now { &template } else { &own };
                assert_eq!(request.body(), expected.body());
                assert_eq!(request.kind(), expected.kind());
                // To the store it is in flight from here on.
                self.oracle.sends(id.0, now);
                if self.persist().is_err() {
                    // The mark was not written, so nothing was sent.
                    self.oracle.unsent(id.0, now);
                    return Err(Crash);
                }
            }
            Step::Query { id, message_id } => {
                assert_eq!(message_id.as_str(), "wamid.A");
                self.oracle.asks(id.0, now);
            }
            Step::Report(Event::Ended(ended)) => self.oracle.reported_end(&ended, now, false),
            Step::Report(Event::TokenRefused) => self.oracle.told(0),
            Step::Report(Event::KindRefused(kind)) => self.oracle.told(match kind {
                Kind::Send => 1,
                Kind::Template => 2,
                _ => 3,
            }),
            Step::Wait(until) => {
                let until = to_true + us(until);
                self.oracle.waits(Some(until), now);
                self.sleep_until_us = Some(until);
            }
            Step::Idle => self.oracle.waits(None, now),
            other => panic!("{other:?}"),
        }
        Ok(())
    }

    fn settle(&mut self, id: u32, phase: Phase, answered: Answered) -> Result<(), Crash> {
        let (said, now) = self.tell();
        let settled = if phase == Phase::Sending {
            self.outbox
                .settle(EntryId(id), sent(answered).as_ref(), said)
        } else {
            self.outbox
                .settle_query(EntryId(id), asked(answered).as_ref(), said)
        };
        assert_eq!(settled, Ok(()));
        self.oracle.settled(id, answered, now);
        self.persist()
    }

    /// Outcomes of what is not in flight change nothing.
    fn settle_wrong(&mut self) {
        let in_flight = self.oracle.in_flight();
        let said = Duration::from_micros(self.now_us - self.booted_us);
        for id in 0..=self.alerts {
            if in_flight != Some((id, Phase::Sending)) {
                let settled =
                    self.outbox
                        .settle(EntryId(id), sent(Answered::Refused(422)).as_ref(), said);
                assert_eq!(settled, Err(NotInFlight));
            }
            if in_flight != Some((id, Phase::Asking)) {
                let settled = self.outbox.settle_query(
                    EntryId(id),
                    asked(Answered::State("read")).as_ref(),
                    said,
                );
                assert_eq!(settled, Err(NotInFlight));
            }
            if in_flight.is_none_or(|(own, _)| own != id) {
                self.outbox.unsend(EntryId(id));
            }
        }
    }

    /// Writes what is not stored, one record after the other.
    fn persist(&mut self) -> Result<(), Crash> {
        loop {
            let Some((slot, unsaved)) = self.outbox.next_unsaved() else {
                self.oracle.all_is_stored();
                return Ok(());
            };
            if let Some(left) = &mut self.writes_left {
                if *left == 0 {
                    self.writes_left = None;
                    return Err(Crash);
                }
                *left -= 1;
            }
            self.store.write(slot, &unsaved);
            let (id, freed) = match &unsaved {
                Unsaved::Entry(entry) | Unsaved::State(entry) => (entry.id.0, false),
                Unsaved::Freed(id) => (id.0, true),
            };
            if let Unsaved::Entry(_) = unsaved {
                let before = self.stored[slot].replace(id);
                if let Some(before) = before.filter(|before| *before != id) {
                    self.oracle.overwritten(before);
                }
            }
            self.oracle.written(id, freed, self.told_us);
            self.outbox.saved(slot);
        }
    }

    fn reset(&mut self, off_us: u64) {
        self.now_us = self.now_us.max(self.told_us) + off_us;
        self.booted_us = self.now_us;
        self.told_us = self.now_us;
        self.late_us = 0;
        self.sleep_until_us = None;
        self.last_enqueued = None;
        self.writes_left = None;
        self.outbox = Outbox::new(self.setup.config());
        for (slot, stored) in self.store.entries() {
            self.outbox.restore(slot, &stored, Duration::ZERO).unwrap();
        }
        self.store
            .freed()
            .for_each(|id| self.outbox.continue_after(id));
        self.outbox.restored(Duration::ZERO);
        self.oracle.reset(self.now_us);
    }

    /// From here on all is well, so everything comes to an end.
    pub(crate) fn drain(&mut self) {
        self.writes_left = None;
        for _ in 0..400 {
            self.perform(&Op::Resume);
            self.perform(&Op::Poll { jitter: 7 });
            self.perform(&Op::Settle(Answered::State("delivered")));
            self.perform(&Op::Sleep);
            if self.oracle.is_done() {
                assert!(self.outbox.is_empty());
                return;
            }
        }
        panic!("still there: {:?}", self.oracle.entries);
    }
}

fn us(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap()
}
