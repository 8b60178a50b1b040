//! The task that sends an outbox: in RAM, or on a flash.
//!
//! ```text
//! sampling ==[channel]==> Station::take_in --> outbox --> run --> Client --> API
//!   never waits                                 flash     watchdog is fed before each step
//! ```
//! Whoever notices something hands it over by a channel and goes on; writing to the flash and talking to the network is this
//! task's business alone. Each step is bounded: one request, by the client's deadline; one pause, by the station's; and
//! what the flash takes.

mod outgoing;
mod station;

use embassy_time::{Duration, Instant, Timer, with_deadline};
use xobito_core::outbox::Step;
use xobito_core::{Failure, Outcome};

use crate::tls::Tls;
use crate::wait::{after, give_way};
use crate::{Client, Platform};

pub use outgoing::Outgoing;
pub use station::{Station, TakenIn};

/// How long an outbox whose flash refused is left alone.
const FLASH_PAUSE: Duration = Duration::from_secs(5);
/// What a station that is in a hurry is held to: a refusal is not asked for again and again.
const SHORTEST_PROBE: Duration = Duration::from_secs(1);

/// The time that the outbox is told: since the device started.
#[must_use]
pub fn now() -> core::time::Duration {
    core::time::Duration::from_micros(Instant::now().as_micros())
}

/// Sends what the outbox wants to be sent, asks what it wants to be asked, and takes in what comes, until
/// [`Station::is_over`]. What the API refuses for the token's sake is tried again after [`Station::probe_refused_after`].
///
/// It gives way to other tasks once a round, even where neither station nor flash ever wait.
///
/// The outbox counts in embassy-time's time: what stands still while the device sleeps makes all waits longer, and times to live.
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
    let mut taken_in = TakenIn::Everything;
    let mut flash_rests_until = Instant::MIN;
    loop {
        // Nothing below need ever wait: neither station, nor flash, nor outbox.
        give_way().await;
        station.alive(client.config().deadline);
        // What was just settled may have ended, and its report comes next: then it need not make room for a newcomer.
        if !matches!(done, Done::Asked) && flash_rests_until <= Instant::now() {
            match station.take_in(outbox, now()).await {
                Ok(all_or_not) => taken_in = all_or_not,
                Err(error) => {
                    station.trouble(&error);
                    flash_rests_until = after(FLASH_PAUSE);
                }
            }
        }
        let pause = match turn(outbox, client, station).await {
            // No report came. What was settled may have made room all the same.
            Ok(Done::Asked | Done::Nothing(_)) if matches!(done, Done::Asked) => {
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
                flash_rests_until = after(FLASH_PAUSE);
                Duration::MIN
            }
        };
        done = Done::Reported;
        let probe_at = probe_at(outbox, station);
        if probe_at <= Instant::now() {
            outbox.resume();
            continue;
        }
        if station.is_over(outbox) {
            return;
        }
        if Instant::now() < flash_rests_until {
            rest(station, flash_rests_until).await;
            continue;
        }
        let pause = pause.min(station.longest_pause());
        station.alive(pause);
        let until = after(pause).min(probe_at);
        match taken_in {
            // Whether something came or the time is over, the loop sees to both.
            TakenIn::Everything => {
                let _ = with_deadline(until, station.ready()).await;
            }
            // It is ready, and only the outbox can change that there is no room for it.
            TakenIn::AsMuchAsFitted => Timer::at(until).await,
        }
    }
}

/// When what the API refused is to be tried again, however many runs ago it did.
fn probe_at<O: Outgoing>(outbox: &O, station: &impl Station<O>) -> Instant {
    let (Some(past), Some(wait)) = (outbox.refused_for(), station.probe_refused_after()) else {
        return Instant::MAX;
    };
    let past = Duration::try_from(past).unwrap_or(Duration::MAX);
    let left = wait.max(SHORTEST_PROBE).checked_sub(past);
    after(left.unwrap_or(Duration::MIN))
}

/// Waits in full, whatever comes meanwhile, and feeds the watchdog.
async fn rest<O: Outgoing>(station: &mut impl Station<O>, until: Instant) {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left == Duration::MIN {
            return;
        }
        let slice = left.min(station.longest_pause());
        station.alive(slice);
        Timer::after(slice).await;
    }
}

/// What a turn was about.
enum Done {
    /// The API was asked to send something, or after something.
    Asked,
    /// An event was reported.
    Reported,
    /// There is nothing to do for so long.
    Nothing(Duration),
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
            let left = Duration::try_from(until.saturating_sub(now()));
            return Ok(Done::Nothing(left.unwrap_or(Duration::MAX)));
        }
        Step::Idle => return Ok(Done::Nothing(Duration::MAX)),
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
