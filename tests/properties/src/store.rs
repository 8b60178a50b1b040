//! A store for an outbox as small as can be: two records a slot, each written whole or not at all.

use std::time::Duration;

use xobito_core::outbox::{Duplicates, EntryId, Key, Part, Priority, Snapshot, Stage, Unsaved};
use xobito_core::{E164, Kind, MessageId};

/// What is left when the power fails.
#[derive(Clone, Debug, Default)]
pub struct Store {
    slots: Vec<Records>,
}

#[derive(Clone, Debug, Default)]
struct Records {
    entry: Option<Entry>,
    /// Belongs to the entry with the same id that stood for no more alerts.
    state: Option<(EntryId, u32, Option<State>)>,
}

#[derive(Clone, Debug)]
struct Entry {
    id: EntryId,
    recipient: E164,
    priority: Priority,
    duplicates: Duplicates,
    key: Option<Key>,
    kind: Kind,
    body: Vec<u8>,
    template: Vec<u8>,
    state: State,
}

#[derive(Clone, Debug)]
struct State {
    stage: Stage,
    part: Part,
    other_part_left: bool,
    message_id: Option<MessageId>,
    time_to_live: Duration,
    stands_for: u32,
    attempts: u16,
    tries: u8,
}

impl Store {
    /// An empty one.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        Self {
            slots: vec![Records::default(); slots],
        }
    }

    /// Writes what is not stored of a slot; the record that has its place is gone then.
    ///
    /// # Panics
    /// Where there is no such slot.
    pub fn write(&mut self, slot: usize, unsaved: &Unsaved<'_>) {
        let records = &mut self.slots[slot];
        match unsaved {
            Unsaved::Entry(entry) => {
                records.entry = Some(Entry {
                    id: entry.id,
                    recipient: entry.recipient,
                    priority: entry.priority,
                    duplicates: entry.duplicates,
                    key: entry.key,
                    kind: entry.kind,
                    body: entry.body.to_vec(),
                    template: entry.template.to_vec(),
                    state: State::of(entry),
                });
            }
            Unsaved::State(entry) => {
                records.state = Some((entry.id, entry.stands_for, Some(State::of(entry))));
            }
            Unsaved::Freed(id) => records.state = Some((*id, u32::MAX, None)),
        }
    }

    /// The entries that are over, as far as the store still knows of them.
    pub fn freed(&self) -> impl Iterator<Item = EntryId> {
        let states = self
            .slots
            .iter()
            .filter_map(|records| records.state.as_ref());
        states.filter_map(|(id, _, state)| state.is_none().then_some(*id))
    }

    /// What is stored, slot by slot.
    pub fn entries(&self) -> impl Iterator<Item = (usize, Snapshot<'_>)> {
        self.slots.iter().enumerate().filter_map(|(slot, records)| {
            let entry = records.entry.as_ref()?;
            let state = match &records.state {
                Some((id, stood_for, state))
                    if *id == entry.id && *stood_for >= entry.state.stands_for =>
                {
                    state.as_ref()?
                }
                _ => &entry.state,
            };
            Some((slot, entry.with(state)))
        })
    }
}

impl Entry {
    fn with(&self, state: &State) -> Snapshot<'_> {
        Snapshot {
            id: self.id,
            recipient: self.recipient,
            priority: self.priority,
            duplicates: self.duplicates,
            key: self.key,
            kind: self.kind,
            body: &self.body,
            template: &self.template,
            time_to_live: state.time_to_live,
            stands_for: state.stands_for,
            attempts: state.attempts,
            tries: state.tries,
            stage: state.stage,
            part: state.part,
            other_part_left: state.other_part_left,
            message_id: state.message_id.clone(),
        }
    }
}

impl State {
    fn of(entry: &Snapshot<'_>) -> Self {
        Self {
            stage: entry.stage,
            part: entry.part,
            other_part_left: entry.other_part_left,
            message_id: entry.message_id.clone(),
            time_to_live: entry.time_to_live,
            stands_for: entry.stands_for,
            attempts: entry.attempts,
            tries: entry.tries,
        }
    }
}
