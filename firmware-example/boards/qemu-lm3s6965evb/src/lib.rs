//! The firmware on QEMU's lm3s6965evb: Cortex-M3 at 12.5 MHz with the 256 KB of flash, 64 KB of RAM
//! and the Ethernet controller of the real chip.
//!
//! [`start`] gets the clock and the executors going, [`network`] the network; what runs on them is up to the program.
#![no_std]

use embassy_executor::{SendSpawner, Spawner};
use embassy_net::{Config, Runner, Stack, StackResources};
use qemu_support::{
    executor::{self, Interrupts},
    host,
    interrupt::{self, Irq, Urgency},
    interrupt_table,
    registers::Registers,
    stack, time,
};
use rand_core::RngCore;
use static_cell::{ConstStaticCell, StaticCell};

mod stellaris;

use stellaris::{Buffers, Stellaris};

const CLOCK_HZ: u32 = 12_500_000;
const ETHERNET: Irq = Irq(42);
/// The interrupts of the quadrature encoders, which nothing here uses.
const INTERRUPTS: Interrupts = Interrupts {
    application: Irq(13),
    sampling: Irq(38),
};
/// DHCP, DNS and one TCP connection.
const SOCKETS: usize = 3;

// SAFETY: the Ethernet controller's registers in the map of the LM3S6965; it has no DMA.
#[allow(unsafe_code)]
const CONTROLLER: Registers<0x40> = unsafe { Registers::at(0x4004_8000) };

interrupt_table! { 44;
    ETHERNET => on_ethernet,
    INTERRUPTS.application => executor::on_application,
    INTERRUPTS.sampling => executor::on_sampling,
}

/// Starts the clock and the executors, and calls `boot` in the application's. To be called first.
pub fn start(boot: fn(Spawner, SendSpawner)) -> ! {
    let Some(mut core) = cortex_m::Peripherals::take() else {
        defmt::unreachable!("nothing ran before")
    };
    stack::guard(&mut core.MPU);
    time::start(core.SYST, CLOCK_HZ);
    executor::run(INTERRUPTS, boot)
}

/// Starts the network, and returns it with the board's random numbers. To be called once.
#[must_use]
pub fn network(application: Spawner) -> (Stack<'static>, &'static mut host::Rng) {
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

    let Ok(rng) = host::rng() else {
        defmt::panic!("no entropy: is semihosting on?")
    };
    let driver = Stellaris::start(CONTROLLER, BUFFERS.take());
    interrupt::enable(ETHERNET, Urgency::Device);
    let resources = RESOURCES.init_with(StackResources::new);
    let config = Config::dhcpv4(embassy_net::DhcpConfig::default());
    let (stack, runner) = embassy_net::new(driver, config, resources, rng.next_u64());
    let Ok(run) = run(runner) else {
        defmt::unreachable!("spawned only here, and this runs once")
    };
    application.spawn(run);
    (stack, rng)
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, Stellaris>) {
    runner.run().await;
}

extern "C" fn on_ethernet() {
    Stellaris::on_interrupt(CONTROLLER);
}
