//! Time: `SysTick` interrupts once a millisecond and counts in 64 bits, which is all that embassy's
//! timers need.

use core::{
    cell::{Cell, RefCell},
    task::Waker,
};

use cortex_m::peripheral::{SCB, SYST, syst::SystClkSource};
use cortex_m_rt::exception;
use critical_section::{CriticalSection, Mutex};
use embassy_time_driver::{Driver, TICK_HZ};
use embassy_time_queue_utils::Queue;

embassy_time_driver::time_driver_impl!(static DRIVER: SysTickDriver = SysTickDriver::new());

/// Starts the clock. `clock_hz` is the frequency of the processor.
pub fn start(mut timer: SYST, clock_hz: u32) {
    let cycles_per_tick = u64::from(clock_hz) / TICK_HZ;
    let reload = u32::try_from(cycles_per_tick)
        .unwrap_or(u32::MAX)
        .saturating_sub(1);
    critical_section::with(|cs| DRIVER.clock_hz.borrow(cs).set(clock_hz));
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(reload);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

/// Nanoseconds since [`start`], as fine as the processor's clock: 40 ns at 25 MHz.
///
/// Under QEMU's `-icount shift=0` one instruction takes one nanosecond, so that differences count
/// instructions.
#[must_use]
pub fn now_ns() -> u64 {
    critical_section::with(|cs| {
        let mut left = SYST::get_current();
        let mut ticks = DRIVER.ticks.borrow(cs).get();
        // The counter may have started over while interrupts were off.
        if SCB::is_pendst_pending() {
            left = SYST::get_current();
            ticks = ticks.saturating_add(1);
        }
        let cycles_in_tick = u64::from(SYST::get_reload().saturating_sub(left));
        let clock_hz = u64::from(DRIVER.clock_hz.borrow(cs).get().max(1));
        let whole_ns = ticks.saturating_mul(1_000_000_000 / TICK_HZ);
        whole_ns.saturating_add(cycles_in_tick.saturating_mul(1_000_000_000) / clock_hz)
    })
}

struct SysTickDriver {
    clock_hz: Mutex<Cell<u32>>,
    ticks: Mutex<Cell<u64>>,
    next_alarm: Mutex<Cell<u64>>,
    queue: Mutex<RefCell<Queue>>,
}

impl SysTickDriver {
    const fn new() -> Self {
        Self {
            clock_hz: Mutex::new(Cell::new(0)),
            ticks: Mutex::new(Cell::new(0)),
            next_alarm: Mutex::new(Cell::new(u64::MAX)),
            queue: Mutex::new(RefCell::new(Queue::new())),
        }
    }

    fn tick(&self, cs: CriticalSection<'_>) {
        let now = self.ticks.borrow(cs).get().wrapping_add(1);
        self.ticks.borrow(cs).set(now);
        if now >= self.next_alarm.borrow(cs).get() {
            self.wake_expired(cs, now);
        }
    }

    fn wake_expired(&self, cs: CriticalSection<'_>, now: u64) {
        let next = self.queue.borrow_ref_mut(cs).next_expiration(now);
        self.next_alarm.borrow(cs).set(next);
    }
}

impl Driver for SysTickDriver {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.ticks.borrow(cs).get())
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|cs| {
            if self.queue.borrow_ref_mut(cs).schedule_wake(at, waker) {
                self.wake_expired(cs, self.ticks.borrow(cs).get());
            }
        });
    }
}

#[exception]
fn SysTick() {
    critical_section::with(|cs| DRIVER.tick(cs));
}
