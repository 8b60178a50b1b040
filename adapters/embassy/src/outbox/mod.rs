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

use core::time::Duration;

use embassy_time::{Instant, with_timeout};
use xobito_core::outbox::Step;
use xobito_core::{Failure, Outcome};

use crate::tls::Tls;
use crate::{Client, Platform};

pub use outgoing::Outgoing;
pub use station::Station;

/// How long an outbox whose flash refused is left alone.
const FLASH_PAUSE: embassy_time::Duration = embassy_time::Duration::from_secs(5);

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
