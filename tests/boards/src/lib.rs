//! The firmware of `firmware-example`, built, booted on an emulated board and listened to.
//!
//! [`Firmware`] is an image that trusts the sandbox; [`Beliefs`] are what it says became of its alerts, to be held
//! against what the sandbox received.

mod authority;
mod belief;
pub mod figures;
mod firmware;
pub mod outage;
mod server;

pub use authority::{HOST, Identity};
pub use belief::{Alert, Beliefs};
pub use firmware::{Firmware, Run, ready, root, sandbox_folder};
pub use server::Server;
