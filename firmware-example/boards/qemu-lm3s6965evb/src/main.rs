//! The firmware on QEMU's lm3s6965evb: Cortex-M3 at 12.5 MHz with the 256 KB of flash, 64 KB of RAM
//! and the Ethernet controller of the real chip.
//!
//! `main` starts the clock, the executors and the network, and hands them to the application.
#![no_std]
#![no_main]

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
/// DHCP, DNS and as many TCP connections again.
const SOCKETS: usize = 4;

// SAFETY: the Ethernet controller's registers in the map of the LM3S6965; it has no DMA.
#[allow(unsafe_code)]
const CONTROLLER: Registers<0x40> = unsafe { Registers::at(0x4004_8000) };

interrupt_table! { 44;
    ETHERNET => on_ethernet,
    INTERRUPTS.application => executor::on_application,
    INTERRUPTS.sampling => executor::on_sampling,
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let Some(mut core) = cortex_m::Peripherals::take() else {
        defmt::unreachable!("nothing ran before")
    };
    stack::guard(&mut core.MPU);
    time::start(core.SYST, CLOCK_HZ);
    executor::run(INTERRUPTS, boot)
}

fn boot(application: Spawner, sampling: SendSpawner) {
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

    let Ok(mut rng) = host::rng() else {
        defmt::panic!("no entropy: is semihosting on?")
    };
    let driver = Stellaris::start(CONTROLLER, BUFFERS.take());
    interrupt::enable(ETHERNET, Urgency::Device);
    let resources = RESOURCES.init_with(StackResources::new);
    let config = Config::dhcpv4(embassy_net::DhcpConfig::default());
    let (stack, runner) = embassy_net::new(driver, config, resources, rng.next_u64());

    let (Ok(network), Ok(sample), Ok(run)) = (network(runner), bring_up::sample(), run(stack, rng))
    else {
        defmt::unreachable!("each is spawned only here, and this runs once")
    };
    application.spawn(network);
    sampling.spawn(sample);
    application.spawn(run);
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Stellaris>) {
    runner.run().await;
}

#[embassy_executor::task]
async fn run(stack: Stack<'static>, mut rng: host::Rng) {
    let mut buffer = [0; 8];
    let port = host::argument("port", &mut buffer).and_then(|port| port.parse().ok());
    let peer = bring_up::Peer::on_emulator(port);
    let result = bring_up::run(stack, &mut rng, host::unix_time_s, peer).await;
    defmt::info!(
        "peak stack {=usize} of {=usize} bytes, after {=u64} us",
        stack::peak(),
        stack::capacity(),
        time::now_ns() / 1000
    );
    host::exit(i32::from(result.is_err()))
}

extern "C" fn on_ethernet() {
    Stellaris::on_interrupt(CONTROLLER);
}
