//! What sends an outbox: one request at a time, over a blocking client.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use embedded_storage_async::nor_flash::NorFlash;
use xobito_core::outbox::{EntryId, Event, NotInFlight, Outbox, Step};
use xobito_core::{Accepted, Failure, MessageId};
use xobito_flash::DurableOutbox;

use super::block_on;
use crate::{Client, Delivery, Outcome};

/// An outbox, in RAM or on a flash: what a [`Driver`] needs of it.
pub trait Queue {
    /// What can go wrong with it.
    type Error: fmt::Debug;

    /// What to do next.
    ///
    /// # Errors
    /// What its store did.
    fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, Self::Error>;

    /// What became of a message.
    ///
    /// # Errors
    /// What its store did.
    fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), Self::Error>;

    /// What came of a query.
    ///
    /// # Errors
    /// What its store did.
    fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), Self::Error>;
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Queue
    for Outbox<SLOTS, BYTES, RECENT>
{
    type Error = NotInFlight;

    fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, NotInFlight> {
        Ok(Outbox::poll(self, now, jitter))
    }

    fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        Outbox::settle(self, id, outcome.as_ref(), now)
    }

    fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        Outbox::settle_query(self, id, outcome.as_ref(), now)
    }
}

impl<F: NorFlash, const SLOTS: usize, const BYTES: usize, const RECORD: usize> Queue
    for DurableOutbox<F, SLOTS, BYTES, RECORD>
{
    type Error = xobito_flash::Error<F::Error>;

    fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, Self::Error> {
        block_on(DurableOutbox::poll(self, now, jitter))
    }

    fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), Self::Error> {
        block_on(DurableOutbox::settle(self, id, outcome.as_ref(), now))
    }

    fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), Self::Error> {
        block_on(DurableOutbox::settle_query(self, id, outcome.as_ref(), now))
    }
}

/// Sends what an outbox wants to be sent, and asks what it wants to be asked.
///
/// Each turn makes one request at most, so it takes no longer than the client's timeout and what the disk takes.
pub struct Driver<'c> {
    client: &'c Client,
    begun: Instant,
    random: RandomState,
    turns: u64,
}

/// What was done in a turn, or is to be done until the next one.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // One at a time, on a host.
pub enum Turn {
    /// A message was sent, or an attempt was made.
    Sent {
        /// Whose.
        id: EntryId,
        /// What became of it. The outbox knows.
        outcome: Outcome<Accepted>,
    },
    /// A message was asked after.
    Asked {
        /// Whose.
        id: EntryId,
        /// Which.
        message_id: MessageId,
        /// What came of it. The outbox knows.
        outcome: Outcome<Delivery>,
    },
    /// Something to know. It is reported this once.
    Event(Event),
    /// There is nothing to do for this long, unless something is enqueued.
    Wait(Duration),
    /// There is nothing to do, until something is enqueued, or the outbox is told to resume.
    Idle,
}

impl<'c> Driver<'c> {
    /// A driver, whose time begins now.
    #[must_use]
    pub fn new(client: &'c Client) -> Self {
        Self {
            client,
            begun: Instant::now(),
            random: RandomState::new(),
            turns: 0,
        }
    }

    /// The time that the outbox is told.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Does one thing.
    ///
    /// # Errors
    /// What the outbox's store did. What was sent is known to the outbox in RAM all the same; call it again after a while.
    pub fn turn<Q: Queue>(&mut self, queue: &mut Q) -> Result<Turn, Q::Error> {
        let jitter = self.jitter();
        let now = self.now();
        match queue.poll(now, jitter)? {
            Step::Send { id, request } => {
                let outcome = self.client.send(&request);
                queue.settle(id, &outcome, self.now())?;
                Ok(Turn::Sent { id, outcome })
            }
            Step::Query { id, message_id } => {
                let outcome = self.client.status(&message_id);
                queue.settle_query(id, &outcome, self.now())?;
                Ok(Turn::Asked {
                    id,
                    message_id,
                    outcome,
                })
            }
            // Whoever polled it before gave up, and nobody knows how far that got.
            Step::InFlight { id } => {
                let outcome = Outcome::failed(true, Failure::ConnectionLost);
                if queue.settle(id, &outcome, now).is_err() {
                    let outcome = Outcome::failed(true, Failure::ConnectionLost);
                    queue.settle_query(id, &outcome, now)?;
                }
                Ok(Turn::Sent { id, outcome })
            }
            Step::Report(event) => Ok(Turn::Event(event)),
            Step::Wait(until) => Ok(Turn::Wait(until.saturating_sub(now))),
            Step::Idle => Ok(Turn::Idle),
        }
    }

    /// Any 32 bits: nothing secret depends on them.
    fn jitter(&mut self) -> u32 {
        self.turns = self.turns.wrapping_add(1);
        let mut hasher = self.random.build_hasher();
        hasher.write_u64(self.turns);
        let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}

impl fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("client", &self.client)
            .field("turns", &self.turns)
            .finish_non_exhaustive()
    }
}
