//! Interrupts: their numbers, their urgency and the table of their handlers.
#![allow(unsafe_code)]

use cortex_m::{Peripherals, interrupt::InterruptNumber, peripheral::NVIC};

use crate::host;

/// The number of a device interrupt, counted from 0 as in a chip's manual.
#[derive(Clone, Copy)]
pub struct Irq(pub u16);

// SAFETY: the number is handed out as it is, and a board names only interrupts that its chip has.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

/// How urgent an interrupt is. The variants leave out the lowest bits, which small chips do not
/// implement.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Urgency {
    /// Above everything else: the sampling of a sensor.
    Sampling = 0x20,
    /// Short handlers of devices.
    Device = 0x60,
    /// Below every other interrupt: the application.
    Application = 0xE0,
}

/// Lets `irq` happen with the given urgency. Call it when the device that raises it has been set
/// up.
pub fn enable(irq: Irq, urgency: Urgency) {
    // SAFETY: only the byte and the bit of this one interrupt are written, by single stores. No
    // critical section of this image relies on priorities (they all disable interrupts), and the
    // handler is in the table from the start.
    unsafe {
        let mut core = Peripherals::steal();
        core.NVIC.set_priority(irq, urgency as u8);
        NVIC::unmask(irq);
    }
}

/// Ends the firmware after an interrupt that has no handler: returning would only bring it again.
pub extern "C" fn unexpected() {
    defmt::error!("an interrupt that nobody handles");
    host::exit(host::EXIT_FAULT)
}

/// Defines the table of interrupt handlers: its length, then `number => handler` for those that are
/// used.
#[macro_export]
macro_rules! interrupt_table {
    ($length:literal; $($irq:expr => $handler:path),+ $(,)?) => {
        // The name and the section are those that the linker script of `cortex-m-rt` looks for.
        #[allow(unsafe_code)]
        #[unsafe(link_section = ".vector_table.interrupts")]
        #[unsafe(no_mangle)]
        static __INTERRUPTS: [extern "C" fn(); $length] = {
            let mut table: [extern "C" fn(); $length] = [$crate::interrupt::unexpected; $length];
            $( table[$irq.0 as usize] = $handler; )+
            table
        };
    };
}
