//! A program that does nothing: what the others are larger by is theirs.

#![no_std]
#![no_main]

use xobito_bench_board as _;

#[cortex_m_rt::entry]
fn main() -> ! {
    loop {
        core::hint::spin_loop();
    }
}
