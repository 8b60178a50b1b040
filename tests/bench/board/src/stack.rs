//! How deep the stack gets below a call: what lies there is painted before it and looked at after it.
#![allow(unsafe_code)]

use core::ptr;

use cortex_m::register::msp;

const PAINT: u32 = 0xC5C5_C5C5;
/// What is painted, in bytes; deeper is not seen, and nothing here is.
const PAINTED: usize = 64 * 1024;

/// The most that `run` had on the stack, in bytes, its own frame included.
///
/// No interrupt is enabled in these images, so nobody else uses the stack.
#[inline(never)]
pub fn peak(run: &mut dyn FnMut()) -> u32 {
    let top = msp::read() as usize & !3;
    let floor = top - PAINTED;
    for address in (floor..top).step_by(4) {
        // SAFETY: below the stack pointer nothing is in use, and the board's RAM ends four megabytes further down.
        unsafe { ptr::with_exposed_provenance_mut::<u32>(address).write_volatile(PAINT) };
    }
    run();
    let untouched = (floor..top)
        .step_by(4)
        // SAFETY: the same memory; the value is only compared.
        .take_while(
            |at| unsafe { ptr::with_exposed_provenance::<u32>(*at).read_volatile() } == PAINT,
        )
        .count();
    u32::try_from(PAINTED - 4 * untouched).unwrap_or(u32::MAX)
}
