#![doc = include_str!("../README.md")]
#![no_std]

mod account;
mod cause;
mod error;
mod head;
mod limits;
mod memory;
mod message;
mod names;
mod outcome;
mod reader;

pub use account::*;
pub use cause::*;
pub use error::*;
pub use head::*;
pub use limits::*;
pub use memory::XobitoText;
pub use message::*;
pub use names::*;
pub use outcome::*;
pub use reader::*;

/// In an archive nothing else handles panics. None can be reached; if one could, this symbol would stay undefined and
/// the archive be refused.
#[cfg(xobito_archive)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn xobito_archive_can_panic() -> !;
    }
    // SAFETY: there is no such function, so this is never part of a program.
    unsafe { xobito_archive_can_panic() }
}
