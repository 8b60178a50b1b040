//! What the property tests generate, and what they hold the core against.
//!
//! Everything here is written from the API's facts and on `serde_json`, never with the core's own parts.

#![allow(clippy::indexing_slicing)] // of JSON values, which answers null, and of slots

pub mod answers;
pub mod reading;
pub mod store;
pub mod texts;

/// The examples of the workspace's README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
