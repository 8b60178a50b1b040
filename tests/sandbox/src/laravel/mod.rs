//! What the API's framework does to every request and answer: cleaning of input, validation texts, JSON as PHP writes it.

mod input;
mod json;
mod rules;

pub(crate) use input::Input;
pub(crate) use json::encode;
pub(crate) use rules::Errors;
