//! The settings, as `build.rs` checked and wrote them.

#![allow(clippy::unreadable_literal, reason = "written by a program")]

use xobito_core::{Account, E164, checked};

include!(concat!(env!("OUT_DIR"), "/settings.rs"));
