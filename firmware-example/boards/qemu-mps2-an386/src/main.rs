//! The firmware on this board.
#![no_std]
#![no_main]

use embassy_executor::{SendSpawner, Spawner};
use qemu_support::application;

#[cortex_m_rt::entry]
fn main() -> ! {
    qemu_mps2_an386::start(boot)
}

fn boot(application: Spawner, sampling: SendSpawner) {
    let (stack, rng) = qemu_mps2_an386::network(application);
    application::spawn_firmware(application, sampling, stack, rng);
}
