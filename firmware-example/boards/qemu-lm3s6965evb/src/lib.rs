//! The firmware on QEMU's lm3s6965evb: Cortex-M3 at 12.5 MHz with the 256 KB of flash, 64 KB of RAM
//! and the Ethernet controller of the real chip.
//!
//! [`start`] gets the clock and the executors going, [`network`] the network; what runs on them is up to the program.
#![no_std]

use embassy_executor::{SendSpawner, Spawner};
use embassy_net::{Runner, Stack};
use qemu_support::{
    ethernet::{self, Ethernet},
    executor::{self, Interrupts},
    host,
    interrupt::Irq,
    interrupt_table,
    registers::Registers,
};

mod stellaris;

use stellaris::Stellaris;

const CLOCK_HZ: u32 = 12_500_000;
const ETHERNET: Irq = Irq(42);
/// The interrupts of the quadrature encoders, which nothing here uses.
const INTERRUPTS: Interrupts = Interrupts {
    application: Irq(13),
    sampling: Irq(38),
};

// SAFETY: the Ethernet controller's registers in the map of the LM3S6965; it has no DMA.
#[allow(unsafe_code)]
const CONTROLLER: Stellaris = Stellaris::at(unsafe { Registers::at(0x4004_8000) });

interrupt_table! { 44;
    ETHERNET => on_ethernet,
    INTERRUPTS.application => executor::on_application,
    INTERRUPTS.sampling => executor::on_sampling,
}

/// Starts the clock and the executors, and calls `boot` in the application's. To be called first.
pub fn start(boot: fn(Spawner, SendSpawner)) -> ! {
    executor::start(CLOCK_HZ, INTERRUPTS, boot)
}

/// Starts the network, and returns it with the board's random numbers. To be called once.
#[must_use]
pub fn network(application: Spawner) -> (Stack<'static>, &'static mut host::Rng) {
    let address = CONTROLLER.start();
    let (stack, runner, rng) = ethernet::start(CONTROLLER, address, ETHERNET);
    let Ok(run) = run(runner) else {
        defmt::unreachable!("spawned only here, and this runs once")
    };
    application.spawn(run);
    (stack, rng)
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, Ethernet<Stellaris>>) {
    runner.run().await;
}

extern "C" fn on_ethernet() {
    ethernet::on_interrupt(CONTROLLER);
}
