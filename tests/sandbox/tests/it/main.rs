//! The sandbox from outside, over real TLS.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends by panicking"
)]

mod admin;
mod client;
mod errors;
mod limits;
mod messages;
mod numbers;
mod program;
mod readme;
mod security;
mod window;
mod wire;
