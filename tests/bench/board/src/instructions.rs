//! Counts instructions by the emulator's clock: with `-icount shift=0` every instruction takes one nanosecond.

use core::hint::black_box;

use cortex_m::peripheral::{SYST, syst::SystClkSource};

/// The processor's clock on the emulated board makes one tick last this many nanoseconds, so that many instructions.
const INSTRUCTIONS_PER_TICK: u32 = 40;
/// The counter has 24 bits.
const TICKS: u32 = 0xFF_FFFF;

/// Rounds of one measurement: with this many a coarse tick still gives a mean that is exact to one instruction.
const ROUNDS: u32 = INSTRUCTIONS_PER_TICK;

/// The counter, running.
pub struct Counter {
    /// What calling nothing takes.
    idle: u32,
}

impl Counter {
    /// Starts the timer, and measures the measuring.
    #[must_use]
    pub fn start(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(TICKS);
        timer.clear_current();
        timer.enable_counter();
        Self {
            idle: mean(&mut || ()),
        }
    }

    /// Instructions of a call, the mean of some rounds, the call itself left out.
    pub fn of(&self, run: &mut dyn FnMut()) -> u32 {
        // Once before, so that what is done at the first call only is not in the mean.
        run();
        mean(run).saturating_sub(self.idle)
    }
}

fn mean(run: &mut dyn FnMut()) -> u32 {
    let run = black_box(run);
    let from = SYST::get_current();
    for _ in 0..ROUNDS {
        run();
    }
    let to = SYST::get_current();
    // It counts down and begins anew after 24 bits.
    (from.wrapping_sub(to) & TICKS) * INSTRUCTIONS_PER_TICK / ROUNDS
}
