//! The ends that nobody planned: each is logged and becomes an exit code, so that a test sees it.

use core::{
    panic::PanicInfo,
    sync::atomic::{AtomicBool, Ordering},
};

use cortex_m_rt::{ExceptionFrame, exception};

use crate::{host, stack};

/// Return addresses that are worth a line.
const CALLERS_MAX: usize = 8;

/// Whether an end is being reported already. Reporting can itself panic (inside the logger, for
/// one).
static ENDING: AtomicBool = AtomicBool::new(false);

/// Says where, and leaves it to the host to say what: as nobody here looks at the message, neither
/// the texts and places of all panics nor the code that formats them are linked, which saves 28 KB.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    if !ENDING.swap(true, Ordering::Relaxed) {
        let mut callers = [0; CALLERS_MAX];
        defmt::error!(
            "panicked; called from {:#010x}",
            stack::callers(&mut callers)
        );
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
