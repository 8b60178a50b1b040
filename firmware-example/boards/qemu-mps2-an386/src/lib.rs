//! The firmware on QEMU's mps2-an386: Cortex-M4F at 25 MHz, 4 MB of RAM, LAN9118 Ethernet.
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

mod lan9118;

use lan9118::Lan9118;

const CLOCK_HZ: u32 = 25_000_000;
const ETHERNET: Irq = Irq(13);
/// Two interrupts of the board's unused pins.
const INTERRUPTS: Interrupts = Interrupts {
    application: Irq(30),
    sampling: Irq(31),
};

// SAFETY: the controller's 256 bytes in the map of the AN386; it has no DMA.
#[allow(unsafe_code)]
const LAN9118: Lan9118 = Lan9118::at(unsafe { Registers::at(0x4020_0000) });

interrupt_table! { 32;
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
    let address = match LAN9118.start() {
        Ok(address) => address,
        Err(error) => defmt::panic!("no network: {}", error),
    };
    let (stack, runner, rng) = ethernet::start(LAN9118, address, ETHERNET);
    let Ok(run) = run(runner) else {
        defmt::unreachable!("spawned only here, and this runs once")
    };
    application.spawn(run);
    (stack, rng)
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, Ethernet<Lan9118>>) {
    runner.run().await;
}

extern "C" fn on_ethernet() {
    ethernet::on_interrupt(LAN9118);
}
