#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builder;
mod client;
mod exchange;
mod failure;
#[cfg(feature = "outbox")]
pub mod outbox;
mod proxy;
mod request;
mod roots;
mod watch;

pub use builder::{BuildError, ClientBuilder, DEFAULT_TIMEOUT};
pub use client::Client;
pub use exchange::ANSWER_MAX;
pub use request::{Encoded, OwnedRequest};
pub use roots::InvalidRoots;
pub use xobito_core as core;

/// The bytes of a text that are kept of an answer: a host has room for all that the API says.
pub const TEXT: usize = 1024;
/// The field errors that are kept of an answer.
pub const ERRORS: usize = 32;

/// What became of a request; see [`xobito_core::Outcome`] for the table.
pub type Outcome<A> = xobito_core::Outcome<A, xobito_core::Rejection<TEXT, ERRORS>>;
/// What became of a message so far.
pub type Delivery = xobito_core::Delivery<TEXT>;
/// What the API makes of a phone number.
pub type Validation = xobito_core::Validation<TEXT>;
/// Reads a stored answer into an [`Outcome`].
pub type AnswerReader<A> = xobito_core::AnswerReader<A, TEXT, ERRORS>;
