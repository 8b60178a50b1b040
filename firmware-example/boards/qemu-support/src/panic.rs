//! The ends that nobody planned: each is logged and becomes an exit code, so that a test sees it.

use core::{
    panic::PanicInfo,
    sync::atomic::{AtomicBool, Ordering},
};

use cortex_m_rt::{ExceptionFrame, exception};

use crate::{host, stack};

/// Whether an end is being reported already. Reporting can itself panic (inside the logger, for
/// one).
static ENDING: AtomicBool = AtomicBool::new(false);

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    if !ENDING.swap(true, Ordering::Relaxed) {
        defmt::error!("{}", defmt::Display2Format(info));
    }
    host::exit(host::EXIT_PANIC)
}

/// Without this `defmt::unreachable!` and its like would end in `udf`, which would count as a
/// fault.
#[defmt::panic_handler]
fn defmt_panic() -> ! {
    host::exit(host::EXIT_PANIC)
}

#[allow(unsafe_code)]
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    if !ENDING.swap(true, Ordering::Relaxed) {
        if stack::overflowed() {
            defmt::error!("the stack of {=usize} bytes overflowed", stack::capacity());
        } else {
            defmt::error!(
                "fault at {=u32:#010x}, called from {=u32:#010x}",
                frame.pc(),
                frame.lr()
            );
        }
    }
    host::exit(host::EXIT_FAULT)
}
