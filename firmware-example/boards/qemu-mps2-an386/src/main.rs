//! The firmware on QEMU's mps2-an386: Cortex-M4F at 25 MHz, 4 MB of RAM, LAN9118 Ethernet.
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

mod lan9118;

use lan9118::{Buffers, Lan9118};

const CLOCK_HZ: u32 = 25_000_000;
const ETHERNET: Irq = Irq(13);
/// Two interrupts of the board's unused pins.
const INTERRUPTS: Interrupts = Interrupts {
    application: Irq(30),
    sampling: Irq(31),
};
/// DHCP, DNS and as many TCP connections again.
const SOCKETS: usize = 4;

// SAFETY: the controller's 256 bytes in the map of the AN386; it has no DMA.
#[allow(unsafe_code)]
const LAN9118: Registers<0x100> = unsafe { Registers::at(0x4020_0000) };

interrupt_table! { 32;
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
    let driver = match Lan9118::start(LAN9118, BUFFERS.take()) {
        Ok(driver) => driver,
        Err(error) => defmt::panic!("no network: {}", error),
    };
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
async fn network(mut runner: Runner<'static, Lan9118>) {
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
    Lan9118::on_interrupt(LAN9118);
}
