//! What else can happen to a flash: bits flip, cells wear out, the format changes, somebody else was there.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(
    clippy::result_large_err,
    reason = "without allocation a report has nowhere else to be"
)]

mod closed;
mod common;
mod damage;
mod figures;
mod format;
mod map;
mod reports;
mod resets;
mod sizing;
mod wear;
