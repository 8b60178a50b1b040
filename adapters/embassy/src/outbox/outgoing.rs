//! Where alerts wait: in RAM, or on a flash.

use core::time::Duration;

use xobito_core::outbox::{EntryId, NotInFlight, Outbox, Step};
use xobito_core::{Accepted, Delivery, Outcome};

/// An outbox, as far as [`run`](super::run()) needs it: `xobito-core`'s in RAM, or `xobito-flash`'s.
#[allow(
    async_fn_in_trait,
    reason = "executors on microcontrollers are single-threaded; nothing needs Send"
)]
pub trait Outgoing {
    /// What can go wrong with it.
    type Error;

    /// What to do next.
    async fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, Self::Error>;

    /// What became of a message.
    async fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), Self::Error>;

    /// What came of a query.
    async fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), Self::Error>;

    /// How long ago the API refused the token or a kind of message, at the time that `poll` was told last; none where it did not, or
    /// [`resume`](Self::resume) was called.
    fn refused_for(&self) -> Option<Duration>;

    /// Goes on after the API refused the token or a kind of message.
    fn resume(&mut self);
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> Outgoing
    for Outbox<SLOTS, BYTES, RECENT>
{
    type Error = NotInFlight;

    async fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, NotInFlight> {
        Ok(Self::poll(self, now, jitter))
    }

    async fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        Self::settle(self, id, outcome.as_ref(), now)
    }

    async fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        Self::settle_query(self, id, outcome.as_ref(), now)
    }

    fn refused_for(&self) -> Option<Duration> {
        Self::refused_for(self)
    }

    fn resume(&mut self) {
        Self::resume(self);
    }
}

#[cfg(feature = "flash")]
impl<F, const SLOTS: usize, const BYTES: usize, const RECORD: usize> Outgoing
    for xobito_flash::DurableOutbox<F, SLOTS, BYTES, RECORD>
where
    F: embedded_storage_async::nor_flash::NorFlash,
{
    type Error = xobito_flash::Error<F::Error>;

    async fn poll(&mut self, now: Duration, jitter: u32) -> Result<Step<'_>, Self::Error> {
        Self::poll(self, now, jitter).await
    }

    async fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), Self::Error> {
        Self::settle(self, id, outcome.as_ref(), now).await
    }

    async fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), Self::Error> {
        Self::settle_query(self, id, outcome.as_ref(), now).await
    }

    fn refused_for(&self) -> Option<Duration> {
        self.outbox().refused_for()
    }

    fn resume(&mut self) {
        Self::resume(self);
    }
}
