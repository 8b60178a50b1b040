//! Encodes a text and reads its answer: what every device needs.
//!
//! The text is encoded into a static buffer, as a device short of flash does it and as the peer's program does it: a
//! `Request` by value is zeroed by code.

#![no_std]
#![no_main]

use core::hint::black_box;

use xobito_bench_board as _;
use xobito_core::message::TextMessage;
use xobito_core::{Accepted, AnswerReader, E164, End, encode};

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut BUFFER: [u8; 512] = [0; 512];
    if let Ok(to) = E164::new(black_box("+14155551234")) {
        let message = TextMessage::new(&to, black_box("Freezer 3 is open"));
        black_box(&encode(&message, BUFFER));
    }
    let mut reader = AnswerReader::<Accepted>::new();
    reader.status(black_box(200));
    reader.feed(black_box(b"{}"));
    black_box(&reader.finish(End::Complete));
    loop {
        core::hint::spin_loop();
    }
}
