//! What every fuzz target shares: the verdict on a JSON text that is not ours.

#![allow(clippy::expect_used, clippy::panic)] // A finding is a panic.

mod json;

pub use json::{Verdict, verdict};
