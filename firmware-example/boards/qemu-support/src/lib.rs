//! What the two emulated boards have in common, so that a board crate holds only its network chip
//! and its memory map.
//!
//! | module | what a board gets |
//! |---|---|
//! | [`application`] | the firmware itself, or the check of the drivers, told what it needs to know |
//! | [`ethernet`] | the network over the board's chip |
//! | [`executor`] | executors for the application and for sampling, and an idle loop that sleeps |
//! | [`flash`] | with the feature `outbox`: a NOR flash in a file of the host |
//! | [`host`] | wall time, entropy, files, arguments and the exit code, from the host |
//! | [`interrupt`] | the table of interrupt handlers |
//! | [`registers`] | a block of device registers, where all memory accesses of drivers happen |
//! | [`stack`] | how deep the stack has been, and a guard below it |
//! | [`time`] | the `SysTick` timer as time driver of embassy, and a finer clock to measure with |
//!
//! Linking this crate also brings the log (defmt over semihosting), the panic handler and the fault
//! handler.
#![no_std]

use defmt_semihosting as _;

pub mod application;
pub mod ethernet;
pub mod executor;
#[cfg(feature = "outbox")]
pub mod flash;
pub mod host;
pub mod interrupt;
mod panic;
pub mod registers;
pub mod stack;
pub mod time;
