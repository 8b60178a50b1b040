//! Reading an answer while it arrives, and what it says.
//!
//! ```text
//!   AnswerReader::new() ──status()──▶ feed() ──▶ feed() ──▶ … ──finish(End)──▶ Outcome
//! ```
//! An adapter reports what it saw: the status, `Retry-After` where it came, the body in whatever chunks, and how the
//! exchange ended. What that means is decided here, in one place, by the table in [`Outcome`](crate::Outcome).

pub(crate) mod captured;
mod extract;
mod kinds;
mod reader;
mod wait;
mod window;

pub use captured::{Captured, is_unprintable};
pub(crate) use extract::is_json;
pub(crate) use kinds::sealed;
pub use kinds::{Accepted, Delivery, DeliveryState, Validation};
pub use reader::{AnswerReader, End};

/// The bytes of a text that are kept of an answer, unless another capacity is chosen.
pub const TEXT: usize = 72;
/// The field errors that are kept of an answer, unless another capacity is chosen.
pub const ERRORS: usize = 4;

/// What an answer may say when all went well: [`Accepted`], [`Delivery`] or [`Validation`]. Sealed.
pub trait Answer: sealed::Fields {}

#[cfg(test)]
mod tests;
