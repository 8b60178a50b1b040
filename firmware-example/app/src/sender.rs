//! The network's side: turns events into messages, sends them and follows them.
//!
//! The log says what the device believes, in lines that a program can read: the demo and the tests hold them against what
//! the server received.

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant, Timer};
use xobito_core::{DeliveryState, MessageId, Outcome, Retry};
use xobito_embassy::{Client, Platform};

use crate::{
    Options,
    alert::Alert,
    followed::{Followed, FollowedMessages},
    sampling,
    threshold::Event,
};

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// What became of the alerts of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, defmt::Format)]
pub struct Tally {
    /// Events that became alerts.
    pub alerts: u32,
    /// Alerts that the API took.
    pub accepted: u32,
    /// Alerts that arrived on the recipient's phone.
    pub delivered: u32,
    /// Alerts that the API refused, or of which nobody knows whether it took them.
    pub given_up: u32,
    /// Events that came faster than they could be sent.
    pub lost: u32,
    /// How late the latest sample was, in milliseconds.
    pub latest_sample_ms: u32,
}

pub(crate) struct Sender<'a, P: Platform + 'a> {
    client: Client<'a, P>,
    options: Options,
    followed: FollowedMessages,
    tally: Tally,
}

impl<'a, P: Platform> Sender<'a, P> {
    pub(crate) const fn new(client: Client<'a, P>, options: Options) -> Self {
        Self {
            client,
            options,
            followed: FollowedMessages::new(),
            tally: Tally {
                alerts: 0,
                accepted: 0,
                delivered: 0,
                given_up: 0,
                lost: 0,
                latest_sample_ms: 0,
            },
        }
    }

    /// Sends and follows until the options' number of alerts has come to its end.
    pub(crate) async fn run(&mut self) -> Tally {
        loop {
            let wanted = self.options.alerts.unwrap_or(u32::MAX);
            let has_all = self.tally.alerts >= wanted;
            if has_all && self.followed.is_empty() {
                break;
            }
            let due = Timer::at(self.followed.next_due());
            if has_all {
                due.await;
                self.follow().await;
                continue;
            }
            match select(sampling::next_event(), due).await {
                Either::First(event) => self.tell(&event).await,
                Either::Second(()) => self.follow().await,
            }
        }
        self.client.disconnect().await;
        self.tally.lost = sampling::lost();
        self.tally.latest_sample_ms = sampling::latest_ms();
        defmt::info!("all done: {}", self.tally);
        self.tally
    }

    /// Sends one alert, and tries again for as long as it is certain that it has not gone out.
    async fn tell(&mut self, event: &Event) {
        self.tally.alerts = self.tally.alerts.saturating_add(1);
        let number = self.tally.alerts;
        let alert = match Alert::about(event) {
            Ok(alert) => alert,
            Err(error) => {
                defmt::error!("alert {=u32} cannot be written: {}", number, error);
                self.tally.given_up = self.tally.given_up.saturating_add(1);
                return;
            }
        };
        let mut backoff = FIRST_BACKOFF;
        loop {
            let wait = match self.send(number, &alert).await {
                Retry::Never => return,
                Retry::Now => backoff,
                Retry::After(wait) => Duration::try_from(wait).unwrap_or(LONGEST_BACKOFF),
                // It may have gone out. A second message about the same thing would look like a second emergency.
                Retry::IfDuplicateAcceptable => {
                    self.tally.given_up = self.tally.given_up.saturating_add(1);
                    return;
                }
            };
            Timer::after(wait).await;
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
        }
    }

    async fn send(&mut self, number: u32, alert: &Alert) -> Retry {
        let (began, computed_ns) = (Instant::now(), (self.options.computed_ns)());
        let outcome = self.client.send(&alert.request).await;
        let computed_ns = (self.options.computed_ns)().saturating_sub(computed_ns);
        let word = outcome.word();
        let retry = outcome.retry();
        match outcome {
            Outcome::Accepted(accepted) => {
                defmt::info!(
                    "alert {=u32} {=str} {=str} {} | {=u64} ms, computed {=u64} ns",
                    number,
                    alert.kind,
                    word,
                    accepted.message_id,
                    began.elapsed().as_millis(),
                    computed_ns
                );
                self.tally.accepted = self.tally.accepted.saturating_add(1);
                match accepted.id() {
                    Ok(id) => self.begin_to_follow(number, id),
                    Err(_) => {
                        defmt::warn!("alert {=u32} has an id that cannot be asked after", number);
                    }
                }
            }
            other => {
                defmt::warn!(
                    "alert {=u32} {=str} {=str} {=str} | {=u64} ms",
                    number,
                    alert.kind,
                    word,
                    other.cause().unwrap_or_default(),
                    began.elapsed().as_millis()
                );
                if let Some(error) = self.client.tls_error() {
                    defmt::warn!("because of {}", error);
                }
                if retry == Retry::Never {
                    self.tally.given_up = self.tally.given_up.saturating_add(1);
                }
            }
        }
        retry
    }

    fn begin_to_follow(&mut self, alert: u32, id: MessageId) {
        if let Some(dropped) = self.followed.add(alert, id) {
            defmt::warn!("alert {=u32} is not followed any longer", dropped);
        }
    }

    /// Asks after the message that is due.
    async fn follow(&mut self) {
        let Some(followed) = self.followed.take_due() else {
            return;
        };
        let outcome = self.client.status(&followed.id).await;
        let state = match &outcome {
            Outcome::Accepted(delivery) => delivery.state(),
            other => {
                defmt::warn!(
                    "alert {=u32} cannot be followed now: {=str} {=str}",
                    followed.alert,
                    other.word(),
                    other.cause().unwrap_or_default()
                );
                DeliveryState::Other
            }
        };
        self.take_in(followed, state);
    }

    fn take_in(&mut self, followed: Followed, state: DeliveryState) {
        let alert = followed.alert;
        defmt::info!("alert {=u32} is {=str}", alert, state.as_str());
        match state {
            DeliveryState::Delivered | DeliveryState::Read => {
                self.tally.delivered = self.tally.delivered.saturating_add(1);
            }
            DeliveryState::Failed => {}
            _ => {
                if !self.followed.put_back(followed) {
                    defmt::warn!("alert {=u32} is not followed any longer", alert);
                }
            }
        }
    }
}
