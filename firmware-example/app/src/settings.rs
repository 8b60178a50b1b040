//! The settings, as `build.rs` checked and wrote them.

use xobito_core::{Account, E164, checked};

include!(concat!(env!("OUT_DIR"), "/settings.rs"));
