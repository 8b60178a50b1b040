//! What happens to an outbox on flash when the power goes, bits flip and cells wear out.
//!
//! [`World`] is a device with an outbox on a [`SimulatedFlash`], a server that is not always well, and a [`Ledger`] that
//! outlives every power cut and knows what was promised.
#![allow(clippy::panic, clippy::indexing_slicing)]

mod damage;
mod flash;
mod ledger;
mod server;
mod world;

pub use damage::Damage;
pub use flash::{Cut, FlashError, SimulatedFlash};
pub use ledger::{Ledger, Tally};
pub use world::{Act, PowerCut, World, on_power};
