#![doc = include_str!("../README.md")]
#![no_std]

mod account;
#[cfg(xobito_archive)]
mod archive;
mod cause;
mod error;
mod head;
mod limits;
mod memory;
mod message;
mod names;
mod outbox;
mod outcome;
mod reader;

pub use account::*;
pub use cause::*;
pub use error::*;
pub use head::*;
pub use limits::*;
pub use memory::XobitoText;
pub use message::*;
pub use names::*;
pub use outbox::*;
pub use outcome::*;
pub use reader::*;
