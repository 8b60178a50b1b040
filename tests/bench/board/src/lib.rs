//! What the images share: a panic handler that costs next to nothing, and, in the one that is run, how to count
//! instructions and how to measure the stack.

#![no_std]

pub mod functions;
pub mod instructions;
pub mod outbox;
pub mod stack;

/// What a panic does in an image where one is reachable: the peers' code has some, ours has none.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    cortex_m::asm::udf()
}
