//! The sensor's side: takes a reading at regular times, whatever the rest of the device is doing.

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, channel::Channel};
use embassy_time::{Duration, Instant, Timer};

use crate::threshold::{Event, Temperature, Threshold};

/// Events that may wait for the sender.
const WAITING_MAX: usize = 8;

/// Reads the sensor; the argument counts the samples.
pub type Sensor = fn(u32) -> Temperature;

static EVENTS: Channel<CriticalSectionRawMutex, Event, WAITING_MAX> = Channel::new();
static LOST: AtomicU32 = AtomicU32::new(0);
static LATEST_MS: AtomicU32 = AtomicU32::new(0);

/// Takes a sample each `period`; belongs in the executor of the most urgent interrupt.
#[embassy_executor::task]
pub async fn sample(sensor: Sensor, period: Duration) {
    let mut threshold = Threshold::new();
    let mut due = Instant::now();
    let mut number: u32 = 0;
    loop {
        due += period;
        Timer::at(due).await;
        let late_ms = Instant::now().saturating_duration_since(due).as_millis();
        let late_ms = u32::try_from(late_ms).unwrap_or(u32::MAX);
        // This task is the only one that writes it, and not every processor has `fetch_max`.
        if late_ms > LATEST_MS.load(Ordering::Relaxed) {
            LATEST_MS.store(late_ms, Ordering::Relaxed);
        }
        if let Some(event) = threshold.feed(sensor(number))
            && EVENTS.try_send(event).is_err()
        {
            LOST.store(
                LOST.load(Ordering::Relaxed).wrapping_add(1),
                Ordering::Relaxed,
            );
        }
        number = number.wrapping_add(1);
    }
}

/// The next event, as soon as there is one.
pub(crate) async fn next_event() -> Event {
    EVENTS.receive().await
}

/// Waits until there is an event.
#[cfg(feature = "outbox")]
pub(crate) async fn ready() {
    EVENTS.ready_to_receive().await;
}

/// The next event, if there is one. It stays where it is until [`taken`] is called.
#[cfg(feature = "outbox")]
pub(crate) fn peek() -> Option<Event> {
    EVENTS.try_peek().ok()
}

/// The event that was looked at is taken care of.
#[cfg(feature = "outbox")]
pub(crate) fn taken() {
    let _ = EVENTS.try_receive();
}

/// Events that found the channel full.
pub(crate) fn lost() -> u32 {
    LOST.load(Ordering::Relaxed)
}

/// How late the latest sample was.
pub(crate) fn latest_ms() -> u32 {
    LATEST_MS.load(Ordering::Relaxed)
}

/// A stand-in for a sensor: a freezer at -18 °C whose door stays closed.
#[must_use]
pub fn freezer_that_stays_cold(_: u32) -> Temperature {
    Temperature(-180)
}

/// A stand-in for a sensor: a freezer at -18 °C whose door is open from the 5th sample to the 35th, and that cools
/// down again. It goes up and down the whole ladder once.
#[must_use]
pub fn freezer_that_warms_up_once(sample: u32) -> Temperature {
    const COLD: i16 = -180;
    const PER_SAMPLE: i16 = 5;
    let sample = i16::try_from(sample).unwrap_or(i16::MAX);
    let warmed = sample.saturating_sub(5).clamp(0, 30);
    let cooled = sample.saturating_sub(35).clamp(0, 30);
    Temperature(COLD.saturating_add(PER_SAMPLE.saturating_mul(warmed.saturating_sub(cooled))))
}

/// A stand-in for a sensor: a freezer that wavers around the first step of the ladder for 25 samples, and then stays open.
#[must_use]
pub fn freezer_that_wavers_and_spoils(sample: u32) -> Temperature {
    Temperature(match sample {
        0..25 if sample.is_multiple_of(2) => -180,
        0..25 => -145,
        _ => -40,
    })
}
