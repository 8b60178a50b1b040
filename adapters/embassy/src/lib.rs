//! HTTPS to the Xobito API from microcontrollers, without a heap.
//!
//! This crate moves bytes, keeps deadlines and holds secrets; what a message is and what an answer means is
//! `xobito-core`'s business. Its module [`tls`] opens a TLS 1.3 session with a server that has proved, by its
//! certificate and its signature, to be the host the firmware asked for, and not before.
//!
//! # Features
//! | feature | default | adds |
//! |---|---|---|
//! | `p384` | yes | certificates and servers with P-384 keys |
//! | `rsa` | yes | certificates and servers with RSA keys of 2048 to 4096 bits, without a heap |
//! | `webpki-roots` | no | Mozilla's trust anchors, by name or all |
//! | `defmt` | no | `defmt::Format` on every public type |

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
pub mod http;
mod platform;
#[cfg(feature = "sntp")]
pub mod sntp;
#[cfg(feature = "embassy-net")]
mod stack_resolver;
pub mod tls;

pub use buffers::{Buffers, SCRATCH_BUFFER};
pub use client::{Client, Config, DefaultTls};
pub use clock::{DeviceClock, ImplausibleTime};
pub use platform::{Parts, Platform, Resolve};
#[cfg(feature = "embassy-net")]
pub use stack_resolver::StackResolver;
