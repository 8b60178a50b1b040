//! The network's side where alerts must survive a reset: they wait on the flash until their end is known.
//!
//! The sampling puts events into a channel and goes on. Here each becomes a message that is on the flash before the
//! event leaves the channel, whether there is a network or not; `xobito_embassy::outbox::run` sees to the rest.
//!
//! In a long outage there are more events than slots. The worst must not be what is lost because it came last, so each may
//! take the slot of a lesser one, and what finds only its like and worse there is given up rather than kept in front of others.

use core::time::Duration;

use embassy_net::Stack;
use embedded_storage_async::nor_flash::NorFlash;
use rand_core::{CryptoRng, RngCore};

use xobito_core::{
    Accepted, Delivery, Outcome,
    outbox::{
        Config, Duplicates, Ended, EnqueueError, Entry, EntryId, Event, Follow, Full, Priority,
    },
};
use xobito_embassy::{
    flash::{DurableOutbox, Error, NotEnqueued, flash_bytes, record_bytes},
    outbox::{Station, TakenIn, now, run},
    tls::{Clock, TlsError},
};

use crate::{
    AUTHORITY_MAX, Options, Unusable, account, alert::Alert, client, device, roots, sampling,
    settings::RECIPIENT, threshold::Level,
};

/// Alerts that may wait at the same time.
const SLOTS: usize = 6;
/// Bytes of the longest alert, and of the template for a recipient who has not written for a day.
const BYTES: usize = 512;
/// Bytes of flash for pages of 4 KB and words of 4 bytes, at least.
pub const FLASH_BYTES: usize = match flash_bytes(SLOTS, BYTES, 4, 4096) {
    Some(bytes) => bytes,
    None => 0,
};
/// Asked after 3 s, 6 s, 12 s, ...
const FOLLOW: Follow = Follow::new(Duration::from_secs(3), Duration::from_mins(10), 12);

type Outbox<F> = DurableOutbox<F, SLOTS, BYTES, { record_bytes(BYTES) }>;

/// Why [`run_durable`] could not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub enum NoOutbox {
    /// The settings are of no use.
    Settings(Unusable),
    /// The flash is, or what lies there.
    Flash,
}

impl From<Unusable> for NoOutbox {
    fn from(unusable: Unusable) -> Self {
        Self::Settings(unusable)
    }
}

/// As [`run`](crate::run()), with the alerts on this flash until their end is known.
///
/// Does not wait for the network: what happens meanwhile is stored. To be called once.
///
/// # Errors
/// [`NoOutbox`]: nothing was started.
pub async fn run_durable<R: RngCore + CryptoRng, C: Clock, F: NorFlash>(
    stack: Stack<'static>,
    rng: R,
    clock: C,
    flash: F,
    options: Options,
) -> Result<(), NoOutbox> {
    let roots = roots()?;
    let mut authority = heapless::String::<AUTHORITY_MAX>::new();
    let account = account(&mut authority, options.port).ok_or(Unusable::Host)?;
    let config = Config::DEFAULT
        .follow(Some(FOLLOW))
        .when_full(Full::DropLowest);
    let end = u32::try_from(flash.capacity()).unwrap_or(u32::MAX);
    let mut outbox = Outbox::new(flash, 0..end, config);
    let opened = outbox.open(now(), Duration::ZERO).await;
    let found = opened.map_err(|_| NoOutbox::Flash)?;
    defmt::info!(
        "{=usize} alerts are back, {=u32} records damaged",
        found.entries,
        found.damaged
    );
    let mut device = device(stack, rng, clock);
    let mut client = client(&mut device, account, &roots, options);
    let mut desk = Desk {
        stack,
        had_network: false,
        lost: 0,
        ended: 0,
        wanted: options.alerts,
        jitter: 0,
    };
    if let Some(displaced) = found.displaced {
        desk.ended(&displaced);
    }
    run(&mut outbox, &mut client, &mut desk).await;
    client.disconnect().await;
    // That the last report was heard.
    outbox.save().await.map_err(|_| NoOutbox::Flash)
}

struct Desk {
    stack: Stack<'static>,
    had_network: bool,
    /// Events that found the channel full, as far as the log tells.
    lost: u32,
    /// Alerts that came to their end.
    ended: u32,
    wanted: Option<u32>,
    jitter: u32,
}

impl Desk {
    fn ended(&mut self, ended: &Ended) {
        defmt::info!("alert {=u32} ended {=str}", ended.id.0, ended.end.word());
        self.ended = self.ended.saturating_add(1);
    }
}

impl<F: NorFlash> Station<Outbox<F>> for Desk {
    async fn ready(&mut self) {
        sampling::ready().await;
    }

    async fn take_in(
        &mut self,
        outbox: &mut Outbox<F>,
        now: Duration,
    ) -> Result<TakenIn, Error<F::Error>> {
        let has_network = self.stack.is_config_up();
        if has_network && !self.had_network {
            defmt::info!("network is up");
            outbox.link_up();
        }
        self.had_network = has_network;
        let lost = sampling::lost();
        if lost != self.lost {
            defmt::error!("{=u32} events were lost: they found the channel full", lost);
            self.lost = lost;
        }
        while let Some(event) = sampling::peek() {
            let Ok(alert) = Alert::about(&event) else {
                defmt::error!("an alert cannot be written");
                sampling::taken();
                continue;
            };
            // Nobody minds hearing twice that a freezer thaws; that it is cold again is no news the second time.
            let duplicates = match event.level {
                Level::Normal => Duplicates::AtMostOnce,
                _ => Duplicates::AtLeastOnce,
            };
            let fallback = Alert::fallback(&event);
            let priority = match event.level {
                Level::Spoiling => Priority::Urgent,
                Level::Thawing => Priority::High,
                Level::Normal | Level::Warm => Priority::Normal,
            };
            let mut entry = Entry::new(&alert.request, RECIPIENT, duplicates).priority(priority);
            if let Some(fallback) = &fallback {
                entry = entry.fallback(fallback);
            }
            match outbox.enqueue(&entry, now).await {
                Ok(enqueued) => {
                    sampling::taken();
                    defmt::info!("alert {=u32} queued as {=str}", enqueued.id.0, alert.kind);
                    if let Some(displaced) = &enqueued.displaced {
                        self.ended(displaced);
                    }
                }
                Err(NotEnqueued { error, displaced }) => {
                    if let Some(displaced) = &displaced {
                        self.ended(displaced);
                    }
                    match error {
                        // There is nothing behind it in the channel that would be more urgent.
                        Error::Refused(EnqueueError::Full { .. })
                            if priority == Priority::Urgent =>
                        {
                            defmt::warn!("an alert waits outside the outbox");
                            return Ok(TakenIn::AsMuchAsFitted);
                        }
                        // There may be, or it would never be taken in.
                        Error::Refused(error) => {
                            defmt::error!("a {=str} is given up: {}", alert.kind, error);
                            sampling::taken();
                        }
                        error => return Err(error),
                    }
                }
            }
        }
        Ok(TakenIn::Everything)
    }

    fn jitter(&mut self) -> u32 {
        // Knuth's multiplier: devices that start at the same time need not agree for long.
        let ticks = embassy_time::Instant::now().as_ticks().to_le_bytes();
        let [a, b, c, d, ..] = ticks;
        self.jitter = self
            .jitter
            .wrapping_add(u32::from_le_bytes([a, b, c, d]))
            .wrapping_mul(2_654_435_761);
        self.jitter
    }

    fn longest_pause(&self) -> embassy_time::Duration {
        embassy_time::Duration::from_secs(1)
    }

    fn tls_failed(&mut self, error: TlsError) {
        defmt::warn!("TLS failed: {}", error);
    }

    fn sent(&mut self, id: EntryId, outcome: &Outcome<Accepted>) {
        match outcome {
            Outcome::Accepted(accepted) => {
                defmt::info!("alert {=u32} accepted {}", id.0, accepted.message_id);
            }
            other => defmt::warn!(
                "alert {=u32} {=str} {=str}",
                id.0,
                other.word(),
                other.cause().unwrap_or_default()
            ),
        }
    }

    fn asked(&mut self, id: EntryId, outcome: &Outcome<Delivery>) {
        if let Outcome::Accepted(delivery) = outcome {
            defmt::info!("alert {=u32} is {=str}", id.0, delivery.state().as_str());
        }
    }

    fn report(&mut self, event: &Event) {
        match event {
            Event::Ended(ended) => self.ended(ended),
            event => defmt::error!("{}: nothing goes out, until a try in an hour", event),
        }
    }

    fn trouble(&mut self, _: &Error<F::Error>) {
        defmt::error!("the flash refuses");
    }

    fn is_over(&self, outbox: &Outbox<F>) -> bool {
        let has_all = self.wanted.is_some_and(|wanted| self.ended >= wanted);
        has_all && outbox.outbox().is_empty()
    }
}
