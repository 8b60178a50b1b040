//! Encodes a text and reads its answer with `serde-json-core`.

#![no_std]
#![no_main]

use core::hint::black_box;

use xobito_bench_board as _;
use xobito_bench_work::serde;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut BUFFER: [u8; 512] = [0; 512];
    black_box(serde::text(black_box("Freezer 3 is open"), BUFFER));
    black_box(&BUFFER);
    black_box(&serde::accepted(black_box(b"{}")));
    loop {
        core::hint::spin_loop();
    }
}
