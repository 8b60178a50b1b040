//! temporary
#![no_std]
#![no_main]
use core::hint::black_box;
use defmt_semihosting as _;
use xobito_bench_board as _;
use xobito_bench_work::{BUFFER, JOBS};
#[inline(never)]
fn marker(x: usize) {
    black_box(x);
}
#[cortex_m_rt::entry]
fn main() -> ! {
    let mut buffer = [0; BUFFER];
    for at in [0usize, 8, 16, 20, 24, 28, 32] {
        marker(at);
        (JOBS[at].run)(&mut buffer);
        marker(at);
    }
    semihosting::process::exit(0)
}
