//! What was promised, what was sent, what was reported; and whether that is right.
//!
//! The power has no hold on this.

use std::collections::BTreeMap;

use xobito_core::Outcome;
use xobito_core::outbox::{Duplicates, Ended, EntryId, Part};

use crate::server::Answer;

/// Everything about the entries whose end is not certain yet, and counts of the others.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<EntryId, Fate>,
    largest: Option<EntryId>,
    trying: Option<Trial>,
    /// Reports that came with the last call: known to be heard when the next one returns.
    heard: Vec<EntryId>,
    /// What happened, counted.
    pub tally: Tally,
}

/// What happened, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries that were taken in.
    pub promised: u64,
    /// Entries whose end was reported.
    pub ended: u64,
    /// Messages that the server received.
    pub received: u64,
    /// Of these, those that it had received before.
    pub duplicates: u64,
    /// Entries that were on the flash although nobody had been told yet.
    pub unpromised: u64,
    /// Reports that came again after a reset.
    pub repeated: u64,
}

#[derive(Clone, Debug)]
struct Fate {
    duplicates: Duplicates,
    /// Whether the device was told that it is taken in.
    is_promised: bool,
    /// What may be sent.
    bodies: Vec<String>,
    templates: Vec<String>,
    request: Sending,
    template: Sending,
    is_reported: bool,
    /// In the last call. A reset may take it back.
    was_just_reported: bool,
}

/// One of the entry's two messages.
#[derive(Clone, Copy, Debug, Default)]
struct Sending {
    received: u32,
    /// It went out, and nobody can say for certain that it was not received.
    may_be_out: bool,
    /// The device was told that it was taken, and had the time to write that down.
    is_known_to_be_taken: bool,
}

#[derive(Clone, Debug)]
struct Trial {
    body: String,
    template: Option<String>,
    duplicates: Duplicates,
    /// It takes the place of what waits with the same key.
    replaces: bool,
}

impl Ledger {
    /// How many entries have come to no certain end yet.
    #[must_use]
    pub fn open_entries(&self) -> usize {
        self.entries.len()
    }

    /// A call returned, so that what the one before reported was heard.
    pub(crate) fn called(&mut self) {
        for id in std::mem::take(&mut self.heard) {
            self.entries.remove(&id);
            self.tally.ended += 1;
        }
    }

    /// An alert is about to be taken in.
    pub(crate) fn trying(
        &mut self,
        body: &[u8],
        template: Option<&[u8]>,
        duplicates: Duplicates,
        replaces: bool,
    ) {
        self.trying = Some(Trial {
            replaces,
            body: text(body),
            template: template.map(text),
            duplicates,
        });
    }

    pub(crate) fn refused(&mut self) {
        self.trying = None;
    }

    pub(crate) fn promised(&mut self, id: EntryId) {
        let Some(trial) = self.trying.take() else {
            return;
        };
        self.tally.promised += 1;
        let is_new = self.largest.is_none_or(|largest| id > largest);
        if let Some(fate) = self.entries.get_mut(&id) {
            assert!(!is_new, "entry {id} was there before it was taken in");
            fate.join(trial);
            fate.is_promised = true;
        } else {
            assert!(is_new, "the id {id} was given before");
            self.largest = Some(id);
            self.entries.insert(id, Fate::new(trial, true));
        }
    }

    /// A reset: what was reported last may not have been heard.
    pub(crate) fn reset(&mut self) {
        for id in std::mem::take(&mut self.heard) {
            if let Some(fate) = self.entries.get_mut(&id) {
                fate.was_just_reported = true;
            }
        }
    }

    /// A call was given up: what it was taking in may be held or not. What had made room for it is still to be reported.
    pub(crate) fn given_up(&mut self, ids: impl Iterator<Item = EntryId>) {
        let held: Vec<EntryId> = ids.collect();
        self.join_or_begin(&held);
    }

    /// What is on the flash after a reset.
    pub(crate) fn found(&mut self, ids: impl Iterator<Item = EntryId>) {
        let found: Vec<EntryId> = ids.collect();
        self.join_or_begin(&found);
        let gone: Vec<EntryId> = self
            .entries
            .keys()
            .filter(|id| !found.contains(id))
            .copied()
            .collect();
        for id in gone {
            let fate = self.entries.remove(&id);
            let was_heard = fate
                .as_ref()
                .is_some_and(|fate| fate.is_reported || !fate.is_promised);
            assert!(was_heard, "entry {id} is LOST: {fate:?}");
            self.tally.ended += 1;
        }
    }

    /// The alert that was being taken in may have joined one of these entries, or be a new one among them.
    fn join_or_begin(&mut self, ids: &[EntryId]) {
        let trial = self.trying.take();
        for id in ids {
            if let Some(fate) = self.entries.get_mut(id) {
                if let Some(trial) = &trial {
                    fate.join(trial.clone());
                }
                continue;
            }
            let is_new = self.largest.is_none_or(|largest| *id > largest);
            let Some(trial) = trial.clone().filter(|_| is_new) else {
                panic!("entry {id} is back although its end was heard");
            };
            self.tally.unpromised += 1;
            self.largest = Some(*id);
            self.entries.insert(*id, Fate::new(trial, false));
        }
    }

    pub(crate) fn sent(&mut self, id: EntryId, part: Part, body: &[u8], answer: &Answer) {
        let Some(fate) = self.entries.get_mut(&id) else {
            panic!("entry {id} is sent, and there is none");
        };
        let Answer::Sent(_, truth) = answer else {
            return;
        };
        assert!(
            !fate.is_reported || fate.was_just_reported,
            "entry {id} is sent after its end"
        );
        let (allowed, sending) = match part {
            Part::Request => (&fate.bodies, &mut fate.request),
            Part::Template => (&fate.templates, &mut fate.template),
        };
        assert!(
            allowed.iter().any(|allowed| allowed.as_bytes() == body),
            "entry {id} is CORRUPTED: {}",
            text(body)
        );
        assert!(
            !sending.is_known_to_be_taken,
            "entry {id} is sent again although the answer was there"
        );
        if fate.duplicates == Duplicates::AtMostOnce {
            assert!(!sending.may_be_out, "entry {id} is sent TWICE");
        }
        sending.may_be_out |= !truth.is_surely_not;
        if truth.was_received {
            self.tally.received += 1;
            self.tally.duplicates += u64::from(sending.received > 0);
            sending.received += 1;
        }
    }

    pub(crate) fn settled(&mut self, id: EntryId, answer: &Answer) {
        let Some(fate) = self.entries.get_mut(&id) else {
            panic!("entry {id} is settled, and there is none");
        };
        if let Answer::Sent(Outcome::Accepted(_), _) = answer {
            // One of the two was just sent, the one that may be out.
            fate.request.is_known_to_be_taken |= fate.request.may_be_out;
            fate.template.is_known_to_be_taken |= fate.template.may_be_out;
        }
    }

    pub(crate) fn reported(&mut self, ended: &Ended) {
        let id = ended.id;
        let Some(fate) = self.entries.get_mut(&id) else {
            panic!("the end of entry {id} is reported a second time");
        };
        assert!(
            !fate.is_reported || fate.was_just_reported,
            "the end of entry {id} is reported twice"
        );
        self.tally.repeated += u64::from(fate.is_reported);
        fate.is_reported = true;
        self.heard.push(id);
    }

    /// The report about an entry that had made room, once more.
    pub(crate) fn repeated(&mut self, ended: &Ended) {
        match self.entries.get_mut(&ended.id) {
            Some(fate) => {
                fate.is_reported = true;
                self.tally.repeated += 1;
            }
            // It had been heard, and nothing was written since.
            None => assert!(self.largest.is_some_and(|largest| ended.id <= largest)),
        }
    }

    /// Nothing is left to do: everything must have come to its end.
    pub(crate) fn complete(&self) {
        for (id, fate) in &self.entries {
            assert!(fate.is_reported, "entry {id} is LOST: {fate:?}");
        }
    }
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

impl Fate {
    fn new(trial: Trial, is_promised: bool) -> Self {
        Self {
            duplicates: trial.duplicates,
            is_promised,
            bodies: vec![trial.body],
            templates: trial.template.into_iter().collect(),
            request: Sending::default(),
            template: Sending::default(),
            is_reported: false,
            was_just_reported: false,
        }
    }

    /// It stands for another alert now, perhaps with that one's words and policy.
    fn join(&mut self, trial: Trial) {
        self.bodies.push(trial.body);
        self.templates.extend(trial.template);
        if trial.replaces {
            // Other words about something newer: whatever became of the older ones, these were never sent.
            self.request = Sending::default();
            self.template = Sending::default();
        }
        // Which of the two policies holds is the outbox's choice: at most once is only insisted on where both say so.
        if trial.duplicates == Duplicates::AtLeastOnce {
            self.duplicates = Duplicates::AtLeastOnce;
        }
    }
}
