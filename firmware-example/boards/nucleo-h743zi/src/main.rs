//! The firmware on ST's Nucleo-H743ZI(2): Cortex-M7 at 400 MHz, 2 MB of flash, 512 KB of RAM,
//! Ethernet.
//!
//! `main` starts the clocks, the executors and the network, and hands them to the application. The
//! chip's noise source serves as entropy directly; wall time has to come from the network, since
//! nothing on the board keeps it.
#![no_std]
#![no_main]

use defmt_rtt as _;
use panic_probe as _;

use embassy_executor::{InterruptExecutor, Spawner};
use embassy_net::{Config, Runner, StackResources};
use embassy_stm32::{
    bind_interrupts,
    eth::{self, Ethernet, GenericPhy, PacketQueue, Sma},
    interrupt::{self, InterruptExt, Priority},
    peripherals::{ETH, ETH_SMA, RNG},
    rcc,
    rng::{self, Rng},
    uid,
};
use embassy_time::Duration;
use firmware_app::Options;
use static_cell::StaticCell;
use xobito_embassy::DeviceClock;

/// Frames that may wait in each direction; the other side's window must not hold more.
const QUEUE: usize = 4;
/// DHCP, DNS, the time's socket and one TCP connection.
const SOCKETS: usize = 4;
const SAMPLE_PERIOD: Duration = Duration::from_secs(1);

static CLOCK: DeviceClock = DeviceClock::new(firmware_app::BUILT_AT_S);

/// Runs what must never wait for the application, in the interrupt of a serial port that nothing
/// here uses.
static SAMPLING: InterruptExecutor = InterruptExecutor::new();

type Driver = Ethernet<'static, ETH, GenericPhy<Sma<'static, ETH_SMA>>>;

bind_interrupts!(struct Irqs {
    ETH => eth::InterruptHandler;
    RNG => rng::InterruptHandler<RNG>;
});

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static QUEUES: StaticCell<PacketQueue<QUEUE, QUEUE>> = StaticCell::new();
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

    let mut config = embassy_stm32::Config::default();
    config.rcc = clocks();
    let chip = embassy_stm32::init(config);
    let mut rng = Rng::new(chip.RNG, Irqs);

    // The pins are those that the board connects to its transceiver.
    let driver: Driver = Ethernet::new(
        QUEUES.init_with(PacketQueue::new),
        chip.ETH,
        Irqs,
        chip.PA1,
        chip.PA7,
        chip.PC4,
        chip.PC5,
        chip.PG13,
        chip.PB13,
        chip.PG11,
        own_address(),
        chip.ETH_SMA,
        chip.PA2,
        chip.PC1,
    );
    let resources = RESOURCES.init_with(StackResources::new);
    let config = Config::dhcpv4(embassy_net::DhcpConfig::default());
    let (stack, runner) = embassy_net::new(driver, config, resources, rng.next_u64());

    // Put your own sensor here: a function that reads it.
    let sensor = firmware_app::freezer_that_warms_up_once;
    let (Ok(network), Ok(sample)) = (network(runner), firmware_app::sample(sensor, SAMPLE_PERIOD))
    else {
        defmt::unreachable!("each is spawned only here, and this runs once")
    };
    spawner.spawn(network);
    interrupt::UART4.set_priority(Priority::P6);
    SAMPLING.start(interrupt::UART4).spawn(sample);

    firmware_app::set_clock(stack, &CLOCK, &mut rng).await;
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    let Ok(time) = firmware_app::keep_clock(stack, &CLOCK, seed) else {
        defmt::unreachable!("it is spawned only here, and this runs once")
    };
    spawner.spawn(time);
    if let Err(unusable) = firmware_app::run(stack, rng, &CLOCK, Options::default()).await {
        defmt::error!("unusable settings: {}", unusable);
    }
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Driver>) {
    runner.run().await;
}

#[allow(unsafe_code)]
#[embassy_stm32::interrupt]
unsafe fn UART4() {
    // SAFETY: only this handler polls this executor, which was started before its interrupt was
    // enabled.
    unsafe { SAMPLING.on_interrupt() }
}

/// 400 MHz from the internal oscillator, and 48 MHz for the noise source.
fn clocks() -> rcc::Config {
    let mut config = rcc::Config::default();
    config.hsi = Some(rcc::HSIPrescaler::DIV1);
    config.hsi48 = Some(rcc::Hsi48Config::new());
    config.pll1 = Some(rcc::Pll {
        source: rcc::PllSource::HSI,
        prediv: rcc::PllPreDiv::DIV4,
        mul: rcc::PllMul::MUL50,
        fracn: None,
        divp: Some(rcc::PllDiv::DIV2),
        divq: None,
        divr: None,
    });
    config.sys = rcc::Sysclk::PLL1_P;
    config.ahb_pre = rcc::AHBPrescaler::DIV2;
    config.apb1_pre = rcc::APBPrescaler::DIV2;
    config.apb2_pre = rcc::APBPrescaler::DIV2;
    config.apb3_pre = rcc::APBPrescaler::DIV2;
    config.apb4_pre = rcc::APBPrescaler::DIV2;
    config.voltage_scale = rcc::VoltageScale::Scale1;
    config
}

/// A locally administered address that is this chip's own: the board carries no address of a maker.
fn own_address() -> [u8; 6] {
    let mut address = [0; 6];
    for (index, byte) in uid::uid().iter().enumerate() {
        if let Some(to) = address.get_mut(index % 6) {
            *to ^= byte;
        }
    }
    let [first, ..] = &mut address;
    *first = (*first | 0b10) & !0b01;
    address
}
