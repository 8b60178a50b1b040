//! The one stack, which interrupts share: how deep it has been, who called whom, and a guard where it
//! ends.
//!
//! `cortex-m-rt` paints the whole stack before `main`; what is still painted was never used.
#![allow(unsafe_code)]

use core::ptr;

use cortex_m::{
    peripheral::{MPU, SCB},
    register::msp,
};
use cortex_m_rt::STACK_PAINT_VALUE;

/// Size and alignment of the guard at the lower end, in bytes.
const GUARD: usize = 256;

unsafe extern "C" {
    static _stack_start: u32;
    static _stack_end: u32;
    static __stext: u32;
    static __etext: u32;
}

/// Makes the lower end of the stack inaccessible: an overflow is then a fault instead of damaged
/// variables.
pub fn guard(mpu: &mut MPU) {
    const NO_ACCESS_NORMAL_MEMORY: u32 = (1 << 28) | (0b111 << 16);
    const SIZE_256: u32 = 7 << 1;
    const ENABLE: u32 = 1;
    const DEFAULT_MAP_ELSEWHERE: u32 = 1 << 2;
    let base = u32::try_from(floor() - GUARD).unwrap_or(0);
    // SAFETY: the region lies below every address that the stack is supposed to reach and above
    // every variable; everywhere else the default memory map stays in force.
    unsafe {
        mpu.rnr.write(0);
        mpu.rbar.write(base);
        mpu.rasr.write(NO_ACCESS_NORMAL_MEMORY | SIZE_256 | ENABLE);
        mpu.ctrl.write(DEFAULT_MAP_ELSEWHERE | ENABLE);
    }
    cortex_m::asm::dsb();
    cortex_m::asm::isb();
}

/// Whether the fault that is being handled was an access to the guard, the only memory that is
/// protected.
pub(crate) fn overflowed() -> bool {
    // A data access, or what the processor itself stores when an interrupt begins.
    const DACCVIOL_MSTKERR_MLSPERR: u32 = 0b11_0010;
    // SAFETY: the fault status register only says what happened; reading it changes nothing.
    let status = unsafe { (*SCB::PTR).cfsr.read() };
    status & DACCVIOL_MSTKERR_MLSPERR != 0
}

/// The most that the stack has held since the start, in bytes, interrupts included.
#[must_use]
pub fn peak() -> usize {
    let mut address = floor();
    while address < top() {
        // SAFETY: an aligned word of the stack's memory, which exists; the value is only compared,
        // never trusted.
        let word = unsafe { ptr::with_exposed_provenance::<u32>(address).read_volatile() };
        if word != STACK_PAINT_VALUE {
            break;
        }
        address += size_of::<u32>();
    }
    top() - address
}

/// What the stack may hold before it meets the guard, in bytes: all the RAM that no variable uses.
#[must_use]
pub fn capacity() -> usize {
    top() - floor()
}

/// Where the calls on the stack were made, the latest first, as many as there is room for.
///
/// Any word counts that points behind a call, so that some may be of calls long over.
pub(crate) fn callers(into: &mut [u32]) -> &[u32] {
    let mut address = msp::read();
    let mut count = 0;
    while let Some(place) = into.get_mut(count)
        && let Ok(at) = usize::try_from(address)
        && at < top()
    {
        // SAFETY: an aligned word of the stack's memory, as in `peak`.
        let word = unsafe { ptr::with_exposed_provenance::<u32>(at).read_volatile() };
        if let Some(call) = call_before(word) {
            *place = call;
            count += 1;
        }
        address += 4;
    }
    into.get(..count).unwrap_or_default()
}

/// The address of the last halfword of a `bl` or `blx`, if `word` is what that leaves in the link register.
fn call_before(word: u32) -> Option<u32> {
    let call = word.checked_sub(3).filter(|call| call & 1 == 0)?;
    let at = usize::try_from(call).ok()?;
    let first = ptr::addr_of!(__stext).expose_provenance() + 2;
    let end = ptr::addr_of!(__etext).expose_provenance();
    if !(first..end).contains(&at) {
        return None;
    }
    // SAFETY: two aligned halfwords of the code, which exists for as long as the program.
    let [before, last] =
        [at - 2, at].map(|at| unsafe { ptr::with_exposed_provenance::<u16>(at).read_volatile() });
    let is_bl = before & 0xF800 == 0xF000 && last & 0xD000 == 0xD000;
    let is_blx = last & 0xFF87 == 0x4780;
    (is_bl || is_blx).then_some(call)
}

fn top() -> usize {
    ptr::addr_of!(_stack_start).expose_provenance()
}

/// The lowest address above the guard.
fn floor() -> usize {
    ptr::addr_of!(_stack_end)
        .expose_provenance()
        .next_multiple_of(GUARD)
        + GUARD
}
