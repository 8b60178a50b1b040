//! The firmware on QEMU's mps2-an386: Cortex-M4F at 25 MHz, 4 MB of RAM, LAN9118 Ethernet.
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

mod lan9118;

use lan9118::{Buffers, Lan9118};

const CLOCK_HZ: u32 = 25_000_000;
const ETHERNET: Irq = Irq(13);
/// Two interrupts of the board's unused pins.
const INTERRUPTS: Interrupts = Interrupts {
    application: Irq(30),
    sampling: Irq(31),
};
/// DHCP, DNS and one TCP connection.
const SOCKETS: usize = 3;

// SAFETY: the controller's 256 bytes in the map of the AN386; it has no DMA.
#[allow(unsafe_code)]
const LAN9118: Registers<0x100> = unsafe { Registers::at(0x4020_0000) };

interrupt_table! { 32;
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
    let driver = match Lan9118::start(LAN9118, BUFFERS.take()) {
        Ok(driver) => driver,
        Err(error) => defmt::panic!("no network: {}", error),
    };
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
async fn run(mut runner: Runner<'static, Lan9118>) {
    runner.run().await;
}

extern "C" fn on_ethernet() {
    Lan9118::on_interrupt(LAN9118);
}
