//! Encodes a text and reads its answer with `serde-json-core`.

#![no_std]
#![no_main]

use core::hint::black_box;

use xobito_bench_board as _;
use xobito_bench_work::serde;

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut buffer = [0; 512];
    black_box(serde::text(black_box("Freezer 3 is open"), &mut buffer));
    black_box(&buffer);
    black_box(&serde::accepted(black_box(b"{}")));
    loop {
        core::hint::spin_loop();
    }
}
