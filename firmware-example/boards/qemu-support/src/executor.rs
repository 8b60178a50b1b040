//! Two executors and an idle loop.
//!
//! Both executors run in interrupts that software raises: the application's in the least urgent
//! one, the sampling's in the most urgent one, so that a signature check that takes a second delays
//! no sample. The thread that is left over only waits for interrupts. It uses `WFI` for that,
//! because QEMU does not sleep on the `WFE` of embassy's own thread executor; and as nothing is
//! decided between an interrupt and the `WFI`, no wake-up can be missed.
#![allow(unsafe_code)]

use embassy_executor::{InterruptExecutor, SendSpawner, Spawner};

use crate::interrupt::{self, Irq, Urgency};

static APPLICATION: InterruptExecutor = InterruptExecutor::new();
static SAMPLING: InterruptExecutor = InterruptExecutor::new();

/// The two interrupts that run tasks: any two that no device of the board raises.
#[derive(Clone, Copy)]
pub struct Interrupts {
    /// Runs the application and the network. Its handler is [`on_application`].
    pub application: Irq,
    /// Runs what must never wait for those. Its handler is [`on_sampling`].
    pub sampling: Irq,
}

/// Starts both executors, calls `boot` as the application's first task, and sleeps between
/// interrupts forever.
///
/// `boot` receives the spawner of the application (whose tasks need not be `Send`) and that of the
/// sampling.
pub fn run(interrupts: Interrupts, boot: fn(Spawner, SendSpawner)) -> ! {
    let sampling = SAMPLING.start(interrupts.sampling);
    let application = APPLICATION.start(interrupts.application);
    interrupt::enable(interrupts.sampling, Urgency::Sampling);
    interrupt::enable(interrupts.application, Urgency::Application);
    let Ok(task) = first_task(boot, sampling) else {
        defmt::unreachable!("`run` does not return, so that nobody calls it twice")
    };
    application.spawn(task);
    loop {
        cortex_m::asm::wfi();
    }
}

/// Handles the application's interrupt.
pub extern "C" fn on_application() {
    // SAFETY: only this handler polls this executor, and `run` starts the executor before it
    // enables the interrupt.
    unsafe { APPLICATION.on_interrupt() }
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
