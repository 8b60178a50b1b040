//! Two executors and an idle loop.
//!
//! Both executors run in interrupts that software raises: the application's in the least urgent
//! one, the sampling's in the most urgent one, so that a signature check that takes a second delays
//! no sample. The thread that is left over only waits for interrupts. It uses `WFI` for that,
//! because QEMU does not sleep on the `WFE` of embassy's own thread executor; and as nothing is
//! decided between an interrupt and the `WFI`, no wake-up can be missed.
#![allow(unsafe_code)]

use core::cell::Cell;

use critical_section::Mutex;
use embassy_executor::{InterruptExecutor, SendSpawner, Spawner};

use crate::{
    interrupt::{self, Irq, Urgency},
    stack, time,
};

static APPLICATION: InterruptExecutor = InterruptExecutor::new();
static SAMPLING: InterruptExecutor = InterruptExecutor::new();
static WORK: Mutex<Cell<Work>> = Mutex::new(Cell::new(Work {
    done_ns: 0,
    longest_ns: 0,
    began_ns: None,
}));

/// The two interrupts that run tasks: any two that no device of the board raises.
#[derive(Clone, Copy)]
pub struct Interrupts {
    /// Runs the application and the network. Its handler is [`on_application`].
    pub application: Irq,
    /// Runs what must never wait for those. Its handler is [`on_sampling`].
    pub sampling: Irq,
}

/// Starts the clock and both executors, calls `boot` as the application's first task, and sleeps between
/// interrupts forever. To be called first.
///
/// `boot` receives the spawner of the application (whose tasks need not be `Send`) and that of the
/// sampling.
pub fn start(clock_hz: u32, interrupts: Interrupts, boot: fn(Spawner, SendSpawner)) -> ! {
    let Some(mut core) = cortex_m::Peripherals::take() else {
        defmt::unreachable!("nothing ran before")
    };
    stack::guard(&mut core.MPU);
    time::start(core.SYST, clock_hz);
    let sampling = SAMPLING.start(interrupts.sampling);
    let application = APPLICATION.start(interrupts.application);
    interrupt::enable(interrupts.sampling, Urgency::Sampling);
    interrupt::enable(interrupts.application, Urgency::Application);
    let Ok(task) = first_task(boot, sampling) else {
        defmt::unreachable!("`start` does not return, so that nobody calls it twice")
    };
    application.spawn(task);
    loop {
        cortex_m::asm::wfi();
    }
}

/// How long the application and the network have been computing since the start, in nanoseconds,
/// with the interrupts that came in between and without the time that they waited.
#[must_use]
pub fn computed_ns() -> u64 {
    let now_ns = time::now_ns();
    let work = critical_section::with(|cs| WORK.borrow(cs).get());
    let current_ns = work
        .began_ns
        .map_or(0, |began_ns| now_ns.saturating_sub(began_ns));
    work.done_ns.saturating_add(current_ns)
}

/// The longest time, in nanoseconds, for which the application computed without giving way to the
/// network.
#[must_use]
pub fn longest_computation_ns() -> u64 {
    critical_section::with(|cs| WORK.borrow(cs).get().longest_ns)
}

/// What the application's executor has been doing.
#[derive(Clone, Copy)]
#[allow(clippy::struct_field_names, reason = "the unit belongs to each name")]
struct Work {
    done_ns: u64,
    longest_ns: u64,
    /// When its current run began.
    began_ns: Option<u64>,
}

/// Handles the application's interrupt.
pub extern "C" fn on_application() {
    let began_ns = time::now_ns();
    note(|work| work.began_ns = Some(began_ns));
    // SAFETY: only this handler polls this executor, and `run` starts the executor before it
    // enables the interrupt.
    unsafe { APPLICATION.on_interrupt() }
    let took_ns = time::now_ns().saturating_sub(began_ns);
    note(|work| {
        work.began_ns = None;
        work.done_ns = work.done_ns.saturating_add(took_ns);
        work.longest_ns = work.longest_ns.max(took_ns);
    });
}

fn note(change: impl FnOnce(&mut Work)) {
    critical_section::with(|cs| {
        let mut work = WORK.borrow(cs).get();
        change(&mut work);
        WORK.borrow(cs).set(work);
    });
}

/// Handles the sampling's interrupt.
pub extern "C" fn on_sampling() {
    // SAFETY: as for `on_application`.
    unsafe { SAMPLING.on_interrupt() }
}

#[embassy_executor::task]
async fn first_task(boot: fn(Spawner, SendSpawner), sampling: SendSpawner) {
    // SAFETY: a task of embassy's is only ever polled by embassy's executors.
    let application = unsafe { Spawner::for_current_executor().await };
    boot(application, sampling);
}
