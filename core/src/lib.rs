#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![warn(clippy::arithmetic_side_effects, clippy::as_conversions)]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::indexing_slicing
    )
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod account;
pub mod answer;
mod bytes;
mod checked;
mod json;
pub mod limits;
pub mod message;
mod message_id;
pub mod outbox;
pub mod outcome;
mod phone;
mod request;
#[cfg(feature = "serde")]
mod serde_impls;
#[cfg(feature = "settings")]
pub mod settings;
mod text;

pub use account::{Account, DEFAULT_HOST, Host, InvalidAccount, Subdomain, Token};
pub use answer::{
    Accepted, Answer, AnswerReader, Captured, Delivery, DeliveryState, End, Validation,
};
pub use message::{Field, InvalidMessage, Message, PhoneQuery, Warning};
pub use message_id::{InvalidMessageId, MessageId};
pub use outbox::Outbox;
pub use outcome::{Failure, Outcome, Reason, Rejection, Retry, Unknown, UnknownCause};
pub use phone::{E164, InvalidE164};
pub use request::{
    ACCEPT, BorrowedRequest, CONTENT_TYPE, Endpoint, Head, Kind, Method, NotAnObject, PhoneRequest,
    Progress, Request, RequestError, Streamed, TextChanged, WriteError, encode,
};
pub use text::{Piece, Text};

#[cfg(test)]
mod tests;
