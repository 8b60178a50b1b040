//! A device with an outbox, a server that sometimes answers, and somebody who writes down what was promised.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use embedded_storage_async::nor_flash::ReadNorFlash;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use xobito_core::message::{TemplateMessage, TextMessage};
use xobito_core::outbox::{
    Backoff, Budget, Coalesce, Config, Duplicates, EnqueueError, Entry, EntryId, Event, Follow,
    Full, Key, Part, Priority, Step,
};
use xobito_core::{E164, Kind, Request, checked};
use xobito_flash::{DurableOutbox, Error, Found, record_bytes};

use crate::damage::below;
use crate::flash::{Cut, FlashError, SimulatedFlash};
use crate::ledger::Ledger;
use crate::server::{Answer, Server};

const SLOTS: usize = 5;
const BYTES: usize = 320;
const RECORD: usize = record_bytes(BYTES);
/// Steps in which an outbox that still lives comes to the end of what it holds.
const STEPS_MAX: usize = 600;

/// How long the power may be gone, where the device knows that: long enough to be written down.
const OFF: Duration = Duration::from_mins(1);

const RECIPIENTS: [E164; 3] = [
    checked!(E164::new("+14155551234")),
    checked!(E164::new("+4915112345678")),
    checked!(E164::new("+12025550100")),
];

/// The device, the server and the ledger. Copies of it live on by themselves.
#[derive(Clone)]
pub struct World<const WORD: usize, const PAGE: usize> {
    outbox: Device<WORD, PAGE>,
    now: Duration,
    rng: ChaCha8Rng,
    server: Server,
    /// What was promised, and what became of it.
    pub ledger: Ledger,
    config: Config,
    /// Alerts that were taken in so far.
    pub alerts: u32,
    /// What was handed out and not settled yet.
    in_flight: Option<(EntryId, Answer)>,
}

type Device<const WORD: usize, const PAGE: usize> =
    DurableOutbox<SimulatedFlash<WORD, PAGE>, SLOTS, BYTES, RECORD>;

/// The power went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerCut;

/// One call of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new alert, drawn with this seed.
    Enqueue(u64),
    /// What is next, if it is time.
    Poll,
    /// What became of what is in flight.
    Settle,
}

impl<const WORD: usize, const PAGE: usize> World<WORD, PAGE> {
    /// A new device. Its habits follow from the seed.
    ///
    /// # Panics
    /// If an empty flash cannot be used.
    #[must_use]
    pub fn new(seed: u64, pages: usize) -> Self {
        let follow = Follow::new(Duration::from_secs(5), Duration::from_secs(20), 3);
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(8));
        let budget = Budget::new(600, 100).unwrap_or(Budget::DEFAULT);
        let config = Config::DEFAULT
            .budget(budget)
            .recipient_gap(Duration::from_secs(1))
            .cool_down(Duration::from_secs(2))
            .retry_backoff(backoff)
            .link_backoff(backoff)
            .follow((!seed.is_multiple_of(3)).then_some(follow))
            .when_full(if seed.is_multiple_of(2) {
                Full::DropLowest
            } else {
                Full::Refuse
            });
        let mut world = Self {
            outbox: device(SimulatedFlash::new(pages), config),
            now: Duration::ZERO,
            rng: ChaCha8Rng::seed_from_u64(seed),
            server: Server::new(seed),
            ledger: Ledger::default(),
            config,
            alerts: 0,
            in_flight: None,
        };
        let opened = world.power_on();
        assert_eq!(opened, Ok(()), "a new flash");
        world
    }

    /// The flash below.
    pub fn flash(&mut self) -> &mut SimulatedFlash<WORD, PAGE> {
        self.outbox.flash_mut()
    }

    /// The power returns: whatever was in RAM is gone, and the outbox comes back from the flash.
    ///
    /// # Errors
    /// If another cut was planned, and came.
    ///
    /// # Panics
    /// If the outbox cannot be opened.
    pub fn power_on(&mut self) -> Result<(), PowerCut> {
        let flash = self.outbox.flash_mut().clone();
        self.outbox = device(flash, self.config);
        self.in_flight = None;
        self.ledger.reset();
        let off = *pick(&[Duration::ZERO, OFF], &mut self.rng);
        let found = on_power(self.outbox.open(self.now, off))?;
        let Found {
            damaged,
            lost,
            displaced,
            ..
        } = found.unwrap_or_else(|error| panic!("the outbox does not open: {error:?}"));
        assert_eq!(
            (damaged, lost),
            (0, 0),
            "a power cut damages nothing that was stored"
        );
        if let Some(displaced) = displaced {
            self.ledger.repeated(&displaced);
        }
        let stored = self.outbox.outbox().entries();
        self.ledger.found(stored.map(|(_, stored)| stored.id));
        Ok(())
    }

    /// The call that the power cut hit was only given up, as a timeout does: the flash answers again, and whatever is in
    /// RAM is still there.
    pub fn give_up(&mut self) {
        self.flash().power_on();
        self.in_flight = None;
        let held = self.outbox.outbox().entries();
        self.ledger.given_up(held.map(|(_, held)| held.id));
    }

    /// What to do next, at random: alerts come until there were so many of them.
    ///
    /// None at the end.
    pub fn next_act(&mut self, wanted: u32) -> Option<Act> {
        if self.in_flight.is_some() {
            return Some(Act::Settle);
        }
        let more_come = self.alerts < wanted;
        if more_come && below(3, &mut self.rng) == 0 {
            return Some(Act::Enqueue(self.rng.next_u64()));
        }
        if self.outbox.outbox().is_empty() {
            return more_come.then(|| Act::Enqueue(self.rng.next_u64()));
        }
        Some(Act::Poll)
    }

    /// Does it.
    ///
    /// # Errors
    /// If the power went meanwhile.
    ///
    /// # Panics
    /// If a promise was broken.
    pub fn act(&mut self, act: Act) -> Result<(), PowerCut> {
        match act {
            Act::Enqueue(seed) => self.enqueue(seed),
            Act::Poll => self.poll(),
            Act::Settle => self.settle(),
        }
    }

    /// Sends all that is left, to a server that is well.
    ///
    /// # Errors
    /// If the power went meanwhile.
    ///
    /// # Panics
    /// If a promise was broken, or there is no end.
    pub fn drain(&mut self) -> Result<(), PowerCut> {
        self.server.recover();
        for _ in 0..STEPS_MAX {
            let act = if self.in_flight.is_some() {
                Act::Settle
            } else if self.outbox.outbox().is_empty() {
                // Another call says that the last report was taken care of.
                on_power(self.outbox.save())?.unwrap_or_else(|error| panic!("{error:?}"));
                self.ledger.called();
                self.ledger.complete();
                return Ok(());
            } else {
                Act::Poll
            };
            self.act(act)?;
        }
        panic!("there is no end");
    }

    /// Plans a cut in the so many-th write or erase from here.
    pub fn plan(&mut self, cut: Cut) {
        self.flash().plan(cut);
    }

    fn enqueue(&mut self, seed: u64) -> Result<(), PowerCut> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let recipient = *pick(&RECIPIENTS, &mut rng);
        let filler = "!".repeat(below(90, &mut rng));
        let number = self.alerts;
        let text = format!("alert {number} {seed:x} {filler}");
        let text = TextMessage::new(&recipient, text.as_str());
        let text: Request<BYTES> = Request::new(&text).unwrap_or_else(|error| panic!("{error}"));
        let field = format!("{number}");
        let fields = [field.as_str().into()];
        let template = TemplateMessage::new(&recipient, "alert", "en").fields(&fields);
        let template: Request<BYTES> =
            Request::new(&template).unwrap_or_else(|error| panic!("{error}"));
        let duplicates = *pick(&[Duplicates::AtLeastOnce, Duplicates::AtMostOnce], &mut rng);
        let priorities = [
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Urgent,
        ];
        let mut entry =
            Entry::new(&text, recipient, duplicates).priority(*pick(&priorities, &mut rng));
        if below(8, &mut rng) == 0 {
            entry = entry.time_to_live(Duration::from_secs(3));
        }
        let mut replaces = false;
        if below(3, &mut rng) == 0 {
            let key = Key(u32::try_from(below(3, &mut rng)).unwrap_or_default());
            let coalesce = [Coalesce::KeepFirst, Coalesce::ReplaceWithLatest];
            let coalesce = *pick(&coalesce, &mut rng);
            replaces = coalesce == Coalesce::ReplaceWithLatest;
            entry = entry.key(key, coalesce);
        }
        let has_template = below(3, &mut rng) == 0;
        if has_template {
            entry = match below(4, &mut rng) {
                0 => entry.template_first(&template),
                _ => entry.fallback(&template),
            };
        }
        let template = has_template.then(|| template.body());
        self.ledger
            .trying(text.body(), template, duplicates, replaces);
        let enqueued = on_power(self.outbox.enqueue(&entry, self.now))?;
        match enqueued {
            Ok(enqueued) => {
                self.alerts += 1;
                self.ledger.called();
                self.ledger.promised(enqueued.id);
                if let Some(displaced) = &enqueued.displaced {
                    self.ledger.reported(displaced);
                    // Nothing else will confirm it: it was the answer to this call.
                }
            }
            Err(refused) => {
                let is_full = matches!(
                    refused.error,
                    Error::<FlashError>::Refused(EnqueueError::Full { .. })
                );
                assert!(is_full, "{refused:?}");
                self.ledger.called();
                self.ledger.refused();
            }
        }
        Ok(())
    }

    fn poll(&mut self) -> Result<(), PowerCut> {
        let jitter = self.rng.next_u32();
        let step = on_power(self.outbox.poll(self.now, jitter))?;
        let step = step.unwrap_or_else(|error| panic!("{error:?}"));
        self.ledger.called();
        match step {
            Step::Send { id, request } => {
                let part = match request.kind() {
                    Kind::Template => Part::Template,
                    _ => Part::Request,
                };
                let answer = self.server.take(id, part, request.body());
                self.ledger.sent(id, part, request.body(), &answer);
                self.in_flight = Some((id, answer));
            }
            Step::Query { id, message_id } => {
                let answer = self.server.asked(&message_id);
                self.in_flight = Some((id, answer));
            }
            Step::Report(Event::Ended(ended)) => self.ledger.reported(&ended),
            Step::Wait(until) => self.now = until.max(self.now),
            Step::Report(_) => {}
            Step::InFlight { .. } | Step::Idle => {
                panic!("nothing is in flight, and something is left")
            }
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), PowerCut> {
        let Some((id, answer)) = self.in_flight.take() else {
            return Ok(());
        };
        self.now += Duration::from_millis(300);
        let settled = match &answer {
            Answer::Sent(outcome, _) => {
                on_power(self.outbox.settle(id, outcome.as_ref(), self.now))?
            }
            Answer::Asked(outcome) => {
                on_power(self.outbox.settle_query(id, outcome.as_ref(), self.now))?
            }
        };
        settled.unwrap_or_else(|error| panic!("{error:?}"));
        self.ledger.called();
        self.ledger.settled(id, &answer);
        Ok(())
    }
}

impl<const WORD: usize, const PAGE: usize> core::fmt::Debug for World<WORD, PAGE> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("World")
            .field("alerts", &self.alerts)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

fn device<const WORD: usize, const PAGE: usize>(
    flash: SimulatedFlash<WORD, PAGE>,
    config: Config,
) -> Device<WORD, PAGE> {
    let end = u32::try_from(flash.capacity()).unwrap_or(u32::MAX);
    DurableOutbox::new(flash, 0..end, config)
}

/// Runs it until it is done or the power goes: a flash without power never answers.
///
/// # Errors
/// That the power went.
pub fn on_power<T>(future: impl Future<Output = T>) -> Result<T, PowerCut> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => Err(PowerCut),
    }
}

fn pick<'a, T, const N: usize>(among: &'a [T; N], rng: &mut ChaCha8Rng) -> &'a T {
    &among[below(N, rng)]
}
