#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(test)]
extern crate std;

mod buffers;
mod client;
mod clock;
/// The outbox that survives a reset: `xobito-flash`.
#[cfg(feature = "flash")]
pub mod flash {
    pub use xobito_flash::*;
}
pub mod http;
pub mod outbox;
mod platform;
#[cfg(feature = "sntp")]
pub mod sntp;
#[cfg(feature = "embassy-net")]
mod stack_resolver;
pub mod tls;
mod wait;

pub use buffers::{Buffers, SCRATCH_BUFFER};
pub use client::{Client, Config, DefaultTls};
pub use clock::{DeviceClock, ImplausibleTime};
pub use platform::{Parts, Platform, Resolve};
#[cfg(feature = "embassy-net")]
pub use stack_resolver::StackResolver;
