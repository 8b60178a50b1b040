//! A stand-in for a sensor: counts its samples and how late the latest of them was.

use embassy_time::{Duration, Instant, Timer};
use portable_atomic::{AtomicU32, Ordering};

pub(crate) const PERIOD: Duration = Duration::from_millis(5);

static COUNT: AtomicU32 = AtomicU32::new(0);
static LATEST_MS: AtomicU32 = AtomicU32::new(0);

/// What the sampling task did so far.
pub(crate) struct Samples {
    pub(crate) count: u32,
    pub(crate) latest_ms: u32,
}

pub(crate) fn taken() -> Samples {
    Samples {
        count: COUNT.load(Ordering::Relaxed),
        latest_ms: LATEST_MS.load(Ordering::Relaxed),
    }
}

/// Takes a sample every 5 ms; belongs in the executor of the most urgent interrupt.
#[embassy_executor::task]
pub async fn sample() {
    let mut due = Instant::now();
    loop {
        due += PERIOD;
        Timer::at(due).await;
        let late_ms = Instant::now().saturating_duration_since(due).as_millis();
        LATEST_MS.fetch_max(
            u32::try_from(late_ms).unwrap_or(u32::MAX),
            Ordering::Relaxed,
        );
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
}
