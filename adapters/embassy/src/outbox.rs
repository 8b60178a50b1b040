//! The task that sends an outbox: in RAM, or on a flash.
//!
//! ```text
//! sampling ==[channel]==> Station::take_in --> outbox --> run --> Client --> API
//!   never waits                                 flash     watchdog is fed before each step
//! ```
//! Whoever notices something hands it over by a channel and goes on; writing to the flash and talking to the network is this
//! task's business alone. Each step is bounded: one request, by the client's deadline; one pause, by the station's; and
//! what the flash takes.

use core::time::Duration;

use embassy_time::{Instant, with_timeout};
use xobito_core::outbox::{EntryId, Event, NotInFlight, Outbox, Step};
use xobito_core::{Accepted, Delivery, Failure, Outcome};

use crate::tls::{Tls, TlsError};
use crate::{Client, Platform};

/// How long an outbox whose flash refused is left alone.
const FLASH_PAUSE: embassy_time::Duration = embassy_time::Duration::from_secs(5);

/// An outbox, as far as [`run`] needs it: `xobito-core`'s in RAM, or `xobito-flash`'s.
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
}

/// What a firmware brings along for [`run`]: its alerts, its watchdog, and what it wants to know.
///
/// # Examples
/// A station that gets events by an `embassy_sync` channel: `firmware-example/app/src/station.rs` in the repository.
#[allow(
    async_fn_in_trait,
    reason = "executors on microcontrollers are single-threaded; nothing needs Send"
)]
pub trait Station<O: Outgoing> {
    /// Waits until there is something to take in, such as by `Channel::ready_to_receive`.
    ///
    /// # Cancellation safety
    /// It is dropped when the outbox has something to do, so it must not have taken anything yet.
    async fn ready(&mut self);

    /// Takes in what is there now, without waiting for more: turns it into messages and enqueues those.
    ///
    /// A newcomer may take the slot of an entry that is over: that one's report is then in
    /// [`Enqueued::displaced`](xobito_core::outbox::Enqueued::displaced), and nowhere else.
    async fn take_in(&mut self, outbox: &mut O, now: Duration);

    /// Any 32 bits, for jitter. Nothing secret depends on them.
    fn jitter(&mut self) -> u32;

    /// A step begins that takes `bound` at most, and what the flash takes: the place to feed a watchdog.
    fn alive(&mut self, bound: embassy_time::Duration) {
        let _ = bound;
    }

    /// How long a pause may be, at most, before [`alive`](Self::alive) is called again. The longer it is, the less often an idle
    /// device wakes up.
    fn longest_pause(&self) -> embassy_time::Duration {
        embassy_time::Duration::from_secs(30)
    }

    /// What went wrong with TLS in the attempt that [`sent`](Self::sent) or [`asked`](Self::asked) tells of next, in more detail
    /// than its outcome has. This is for logs.
    fn tls_failed(&mut self, error: TlsError) {
        let _ = error;
    }

    /// A message was sent, or an attempt was made. The outbox knows; this is for logs.
    fn sent(&mut self, id: EntryId, outcome: &Outcome<Accepted>) {
        let _ = (id, outcome);
    }

    /// A message was asked after. The outbox knows; this is for logs.
    fn asked(&mut self, id: EntryId, outcome: &Outcome<Delivery>) {
        let _ = (id, outcome);
    }

    /// Something happened that its owner should know: an entry ended, or the API refuses the token.
    fn report(&mut self, event: &Event);

    /// The outbox's flash refused. What waits goes out as far as that is safe.
    fn trouble(&mut self, error: &O::Error) {
        let _ = error;
    }

    /// Whether [`run`] is to end, now that the outbox has nothing to do for the moment.
    fn is_over(&self, outbox: &O) -> bool {
        let _ = outbox;
        false
    }
}

/// The time that the outbox is told: since the device started.
#[must_use]
pub fn now() -> Duration {
    Duration::from_micros(Instant::now().as_micros())
}

/// Sends what the outbox wants to be sent, asks what it wants to be asked, and takes in what comes, until
/// [`Station::is_over`].
///
/// # Cancellation safety
/// The future may be dropped and `run` called again with the same outbox: a request that was under way then counts as one whose
/// outcome is unknown.
pub async fn run<'a, O, P, T, S>(outbox: &mut O, client: &mut Client<'a, P, T>, station: &mut S)
where
    O: Outgoing,
    P: Platform + 'a,
    T: Tls,
    S: Station<O>,
{
    let mut done = Done::Reported;
    loop {
        station.alive(client.config().deadline);
        // What was just settled may have ended, and its report comes next: then it need not make room for a newcomer.
        if !matches!(done, Done::Asked) {
            station.take_in(outbox, now()).await;
        }
        let next = turn(outbox, client, station).await;
        let pause = match next {
            Ok(Done::Asked) if matches!(done, Done::Asked) => {
                done = Done::Reported;
                continue;
            }
            Ok(Done::Nothing(pause)) => pause,
            Ok(next) => {
                done = next;
                continue;
            }
            Err(error) => {
                station.trouble(&error);
                FLASH_PAUSE
            }
        };
        done = Done::Reported;
        if station.is_over(outbox) {
            return;
        }
        let pause = pause.min(station.longest_pause());
        station.alive(pause);
        // Whether something came or the time is over, the loop sees to both.
        let _ = with_timeout(pause, station.ready()).await;
    }
}

/// What a turn was about.
enum Done {
    /// The API was asked to send something, or after something.
    Asked,
    /// An event was reported.
    Reported,
    /// There is nothing to do for so long.
    Nothing(embassy_time::Duration),
}

/// Does one thing, or says how long there is nothing to do.
async fn turn<'a, O, P, T, S>(
    outbox: &mut O,
    client: &mut Client<'a, P, T>,
    station: &mut S,
) -> Result<Done, O::Error>
where
    O: Outgoing,
    P: Platform + 'a,
    T: Tls,
    S: Station<O>,
{
    let jitter = station.jitter();
    match outbox.poll(now(), jitter).await? {
        Step::Send { id, request } => {
            let outcome = client.send(request).await;
            tell_of_tls(client, station);
            station.sent(id, &outcome);
            outbox.settle(id, &outcome, now()).await?;
        }
        Step::Query { id, message_id } => {
            let outcome = client.status(&message_id).await;
            tell_of_tls(client, station);
            station.asked(id, &outcome);
            outbox.settle_query(id, &outcome, now()).await?;
        }
        Step::Report(event) => {
            station.report(&event);
            return Ok(Done::Reported);
        }
        // An earlier `run` was dropped meanwhile, and nobody knows how far that got.
        Step::InFlight { id } => {
            let outcome = Outcome::failed(true, Failure::ConnectionLost);
            if outbox.settle(id, &outcome, now()).await.is_err() {
                let outcome = Outcome::failed(true, Failure::ConnectionLost);
                outbox.settle_query(id, &outcome, now()).await?;
            }
        }
        Step::Wait(until) => {
            let left = until.saturating_sub(now());
            let left = embassy_time::Duration::try_from(left);
            return Ok(Done::Nothing(left.unwrap_or(embassy_time::Duration::MAX)));
        }
        Step::Idle => return Ok(Done::Nothing(embassy_time::Duration::MAX)),
    }
    Ok(Done::Asked)
}

fn tell_of_tls<'a, O, P, T, S>(client: &Client<'a, P, T>, station: &mut S)
where
    O: Outgoing,
    P: Platform + 'a,
    T: Tls,
    S: Station<O>,
{
    if let Some(error) = client.tls_error() {
        station.tls_failed(error);
    }
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
}
