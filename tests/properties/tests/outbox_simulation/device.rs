//! A device whose power fails now and then, with a driver and a store around its outbox.

use std::collections::HashMap;
use std::time::Duration;

use xobito_core::message::{TemplateMessage, TextMessage};
use xobito_core::outbox::{Config, Duplicates, Ended, Entry, EntryId, Event, Follow, Outbox, Step};
use xobito_core::{Accepted, Delivery, E164, Kind, Outcome, Request};
use xobito_properties::store::Store;

use crate::chance::Chance;
use crate::server::Server;

const SLOTS: usize = 24;
const BYTES: usize = 384;
const CONFIG: Config = Config::DEFAULT
    .time_to_live(Duration::MAX)
    .follow(Some(Follow::new(
        Duration::from_secs(20),
        Duration::from_secs(600),
        20,
    )));

pub(crate) struct Device {
    outbox: Outbox<SLOTS, BYTES>,
    store: Store,
    server: Server,
    chance: Chance,
    now: Duration,
    booted: Duration,
    /// Which alert an entry is.
    alerts: HashMap<u32, u32>,
    facts: Facts,
}

/// What happened, as the device knows it.
#[derive(Default)]
pub(crate) struct Facts {
    /// How often the end of each alert was reported.
    pub(crate) ended: HashMap<u32, u32>,
    /// After how many sendings of each alert nobody knew whether it arrived.
    pub(crate) unknown: HashMap<u32, u32>,
    pub(crate) ends: HashMap<String, u32>,
    pub(crate) resets: u32,
    pub(crate) took: Duration,
}

/// The power failed.
struct Crash;

/// Two of three alerts may come twice rather than not at all.
pub(crate) fn at_least_once(alert: u32) -> bool {
    !alert.is_multiple_of(3)
}

impl Device {
    pub(crate) fn new(chance: Chance) -> Self {
        Self {
            outbox: Outbox::new(CONFIG),
            store: Store::new(SLOTS),
            server: Server::default(),
            chance,
            now: Duration::ZERO,
            booted: Duration::ZERO,
            alerts: HashMap::new(),
            facts: Facts::default(),
        }
    }

    fn uptime(&self) -> Duration {
        self.now.saturating_sub(self.booted)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.outbox.is_empty()
    }

    pub(crate) fn wants_more(&self) -> bool {
        self.outbox.len() < SLOTS
    }

    pub(crate) fn finish(mut self) -> (Facts, Server) {
        self.facts.took = self.now;
        (self.facts, self.server)
    }

    /// An alert comes up; it counts once it is stored.
    pub(crate) fn alert(&mut self, alert: u32) {
        loop {
            let to = recipient(alert);
            let text = Request::<192>::new(&TextMessage::new(&to, format_args!("alert {alert}")));
            let name = format!("alert_{alert}");
            let template = Request::<192>::new(&TemplateMessage::new(&to, &name, "en"));
            let (text, template) = (text.unwrap(), template.unwrap());
            let policy = if at_least_once(alert) {
                Duplicates::AtLeastOnce
            } else {
                Duplicates::AtMostOnce
            };
            let entry = Entry::new(&text, to, policy).fallback(&template);
            let enqueued = self.outbox.enqueue(&entry, self.uptime()).unwrap();
            self.alerts.insert(enqueued.id.0, alert);
            if self.persist().is_ok() {
                return;
            }
            // It may be stored or not; whoever raised it has heard nothing, and raises it again if it is not.
            let id = enqueued.id;
            self.reset();
            if self.outbox.entries().any(|(_, entry)| entry.id == id) {
                return;
            }
        }
    }

    /// Does what the outbox wants done.
    pub(crate) fn step(&mut self) {
        if self.chance.below(2000) == 0 || self.try_step().is_err() {
            self.reset();
        }
    }

    fn try_step(&mut self) -> Result<(), Crash> {
        // What was reported is taken care of.
        self.persist()?;
        let jitter = u32::try_from(self.chance.next() >> 32).unwrap();
        let now = self.uptime();
        match self.outbox.poll(now, jitter) {
            Step::Send { id, request } => {
                let (kind, body) = (request.kind(), request.body().to_vec());
                self.persist()?;
                self.send(id, kind, &body)
            }
            Step::Query { id, message_id } => {
                let sent_at = message_id.as_str().trim_start_matches("wamid.").parse();
                let sent_at = Duration::from_millis(sent_at.unwrap());
                let now = self.now;
                let (outcome, took) = self.server.exchange::<Delivery>(
                    now,
                    &mut self.chance,
                    |_| {
                        // A message takes its time to the recipient's phone.
                        let state = if now > sent_at + Duration::from_secs(25) {
                            "delivered"
                        } else {
                            "sent"
                        };
                        (
                            200,
                            format!(
                                r#"{{"status":"success","data":{{"delivery_status":"{state}"}}}}"#
                            ),
                        )
                    },
                );
                self.now += took;
                let now = self.uptime();
                self.outbox.settle_query(id, outcome.as_ref(), now).unwrap();
                self.persist()
            }
            Step::Report(Event::Ended(ended)) => {
                self.reported(&ended);
                Ok(())
            }
            Step::Wait(until) => {
                self.now = self.booted + until;
                Ok(())
            }
            other => panic!("{other:?}"),
        }
    }

    fn send(&mut self, id: EntryId, kind: Kind, body: &[u8]) -> Result<(), Crash> {
        let alert = self.alerts[&id.0];
        let number = if kind == Kind::Template {
            format!("alert_{alert}\"")
        } else {
            format!("alert {alert}\"")
        };
        assert!(
            String::from_utf8_lossy(body).contains(&number),
            "another alert's text"
        );
        let now = self.now;
        let (outcome, took) = self
            .server
            .exchange::<Accepted>(now, &mut self.chance, |server| {
                // The windows of some recipients are closed.
                if kind == Kind::Send && alert % 20 == 7 {
                    return (
                        422,
                        r#"{"status":"error","message":"Session not active - template required"}"#
                            .to_owned(),
                    );
                }
                *server.taken.entry(alert).or_default() += 1;
                (
                    200,
                    format!(
                        r#"{{"status":"success","data":{{"message_id":"wamid.{}"}}}}"#,
                        now.as_millis()
                    ),
                )
            });
        self.now += took;
        let known =
            !matches!(&outcome, Outcome::Unknown(_)) && outcome.cause() != Some("server-error");
        let settled = self.sent(id, &outcome);
        // Where the power fails before the answer is read or stored, nobody knows it either.
        if !known || settled.is_err() {
            *self.facts.unknown.entry(alert).or_default() += 1;
        }
        settled
    }

    fn sent(&mut self, id: EntryId, outcome: &Outcome<Accepted>) -> Result<(), Crash> {
        if self.chance.in_a_thousand(1) {
            return Err(Crash);
        }
        let now = self.uptime();
        self.outbox.settle(id, outcome.as_ref(), now).unwrap();
        self.persist()
    }

    fn reported(&mut self, ended: &Ended) {
        *self
            .facts
            .ended
            .entry(self.alerts[&ended.id.0])
            .or_default() += 1;
        *self.facts.ends.entry(ended.end.to_string()).or_default() += 1;
    }

    fn persist(&mut self) -> Result<(), Crash> {
        loop {
            let Some((slot, unsaved)) = self.outbox.next_unsaved() else {
                return Ok(());
            };
            if self.chance.below(5000) == 0 {
                return Err(Crash);
            }
            self.store.write(slot, &unsaved);
            self.outbox.saved(slot);
        }
    }

    fn reset(&mut self) {
        self.facts.resets += 1;
        self.now += Duration::from_millis(self.chance.below(20_000));
        self.booted = self.now;
        self.outbox = Outbox::new(CONFIG);
        for (slot, stored) in self.store.entries() {
            self.outbox.restore(slot, &stored, Duration::ZERO).unwrap();
        }
        self.store
            .freed()
            .for_each(|id| self.outbox.continue_after(id));
        self.outbox.restored(Duration::ZERO);
    }
}

/// One of thirty people.
fn recipient(alert: u32) -> E164 {
    format!("+1415555{:04}", alert % 30).parse().unwrap()
}
