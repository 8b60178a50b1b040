#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(test)]
extern crate std;

mod backoff;
mod bank;
mod checked;
mod error;
mod log;
mod outbox;
mod record;
mod replay;
mod sizing;

pub use error::{Error, NotEnqueued};
pub use outbox::DurableOutbox;
pub use replay::Found;
pub use sizing::{flash_bytes, record_bytes};
