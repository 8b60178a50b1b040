//! The firmware on the Raspberry Pi Pico W: two Cortex-M0+ (one is used) at 125 MHz, 264 KB of RAM,
//! Wi-Fi.
//!
//! `main` starts the radio, the executors and the network, and hands them to the application. Wall
//! time has to come from the network, since nothing on the board keeps it.
#![no_std]
#![no_main]

use core::hint::black_box;

use defmt_rtt as _;
use panic_probe as _;
use portable_atomic as _;

use aligned::{A4, Aligned};
use cyw43::{JoinOptions, SpiBus};
use cyw43_pio::{DEFAULT_CLOCK_DIVIDER, PioSpi};
use embassy_executor::{InterruptExecutor, Spawner};
use embassy_net::{Config, StackResources};
use embassy_rp::{
    bind_interrupts, dma,
    gpio::{Level, Output},
    interrupt::{self, InterruptExt, Priority},
    peripherals::{DMA_CH0, PIO0},
    pio::{self, Pio},
};
use embassy_time::{Duration, Timer};
use firmware_app::Options;
use rand_core::RngCore;
use static_cell::StaticCell;
use xobito_embassy::DeviceClock;

mod entropy;

/// DHCP, DNS, the time's socket and one TCP connection.
const SOCKETS: usize = 4;
const SAMPLE_PERIOD: Duration = Duration::from_secs(1);
const JOIN_AGAIN_AFTER: Duration = Duration::from_secs(5);

// Empty where the image was built without them.
static FIRMWARE: &Aligned<A4, [u8]> =
    &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/43439A0.bin")));
static REGULATORY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/43439A0_clm.bin"));
static SETTINGS: &Aligned<A4, [u8]> = &Aligned(*include_bytes!(concat!(
    env!("OUT_DIR"),
    "/nvram_rp2040.bin"
)));

static CLOCK: DeviceClock = DeviceClock::new(firmware_app::BUILT_AT_S);

/// Runs what must never wait for the application, in an interrupt that only software raises.
static SAMPLING: InterruptExecutor = InterruptExecutor::new();

bind_interrupts!(struct Irqs {
    PIO0_IRQ_0 => pio::InterruptHandler<PIO0>;
    DMA_IRQ_0 => dma::InterruptHandler<DMA_CH0>;
});

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static STATE: StaticCell<cyw43::State> = StaticCell::new();
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

    let chip = embassy_rp::init(embassy_rp::config::Config::default());
    // Hidden from the optimizer, so that an image without them still contains everything else.
    let credentials = black_box((option_env!("WIFI_NAME"), option_env!("WIFI_PASSWORD")));
    let (Some(name), Some(password)) = credentials else {
        defmt::error!("this image was built without WIFI_NAME and WIFI_PASSWORD");
        return;
    };
    if black_box(FIRMWARE).is_empty() {
        defmt::error!("this image was built without the radio's firmware: see CYW43_FIRMWARE");
        return;
    }

    // The pins are those that the board connects to its radio.
    let power = Output::new(chip.PIN_23, Level::Low);
    let select = Output::new(chip.PIN_25, Level::High);
    let mut pio = Pio::new(chip.PIO0, Irqs);
    let bus = PioSpi::new(
        &mut pio.common,
        pio.sm0,
        DEFAULT_CLOCK_DIVIDER,
        pio.irq0,
        select,
        chip.PIN_24,
        chip.PIN_29,
        dma::Channel::new(chip.DMA_CH0, Irqs),
    );
    let state = STATE.init_with(cyw43::State::new);
    let (driver, mut control, radio_runner) =
        cyw43::new(state, power, bus, FIRMWARE, SETTINGS).await;

    let mut rng = entropy::rng();
    let resources = RESOURCES.init_with(StackResources::new);
    let config = Config::dhcpv4(embassy_net::DhcpConfig::default());
    let (stack, runner) = embassy_net::new(driver, config, resources, rng.next_u64());

    // Put your own sensor here: a function that reads it.
    let sensor = firmware_app::freezer_that_warms_up_once;
    let (Ok(radio), Ok(network), Ok(sample)) = (
        radio(radio_runner),
        network(runner),
        firmware_app::sample(sensor, SAMPLE_PERIOD),
    ) else {
        defmt::unreachable!("each is spawned only here, and this runs once")
    };
    spawner.spawn(radio);
    spawner.spawn(network);
    interrupt::SWI_IRQ_1.set_priority(Priority::P1);
    SAMPLING.start(interrupt::SWI_IRQ_1).spawn(sample);

    control.init(REGULATORY).await;
    while control
        .join(name, JoinOptions::new(password.as_bytes()))
        .await
        .is_err()
    {
        defmt::warn!("the Wi-Fi network did not let us in");
        Timer::after(JOIN_AGAIN_AFTER).await;
    }
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
async fn radio(runner: cyw43::Runner<'static, SpiBus<Output<'static>, PioSpi<'static, PIO0, 0>>>) {
    runner.run().await;
}

#[embassy_executor::task]
async fn network(mut runner: embassy_net::Runner<'static, cyw43::NetDriver<'static>>) {
    runner.run().await;
}

#[allow(unsafe_code)]
#[embassy_rp::interrupt]
unsafe fn SWI_IRQ_1() {
    // SAFETY: only this handler polls this executor, which was started before its interrupt was
    // enabled.
    unsafe { SAMPLING.on_interrupt() }
}
