//! What shows that C programs can use the library: the header's generator, cases that both sides share, and tools.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // It is all tests.

pub mod answers;
pub mod cases;
pub mod header;
pub mod tools;
pub mod vectors;
