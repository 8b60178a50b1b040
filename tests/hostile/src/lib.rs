//! TLS servers that misbehave on purpose, and what a device tells them.
//!
//! Everything runs in one thread without a network: a [`Pipe`](pipe::Pipe) is the device's socket and drives a server
//! that takes and gives bytes. Nothing waits, so a future that is pending has found a stall.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "test machinery: a panic is a finding, and tables of cases are long"
)]

pub mod device;
pub mod mutation;
pub mod pipe;
pub mod pki;
pub mod rustls_server;
pub mod scenarios;
pub mod server;
pub mod wrong_certificates;
