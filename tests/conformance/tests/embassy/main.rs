//! `xobito-embassy`'s client over this machine's sockets and real TLS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod before_the_request;
mod cancellation;
mod deadline;
mod in_the_clear;
mod operations;
mod outbox;
mod outcomes;
mod reuse;
mod secrecy;
mod time;
