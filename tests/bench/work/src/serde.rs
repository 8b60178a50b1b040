//! The work as `serde-json-core` does it, and the types that `serde_json` shares with it.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

use crate::{answers::ERRORS_KEPT, messages};

/// A text as the API takes it.
#[derive(Serialize)]
pub struct TextMessage<'a> {
    phone_number: &'a str,
    message_body: &'a str,
    message_type: &'a str,
}

impl<'a> TextMessage<'a> {
    /// A text.
    #[must_use]
    pub const fn new(body: &'a str) -> Self {
        Self {
            phone_number: messages::TO,
            message_body: body,
            message_type: "text",
        }
    }
}

/// A message with buttons as the API takes it.
#[derive(Serialize)]
pub struct ButtonMessage<'a> {
    phone_number: &'a str,
    message_body: &'a str,
    message_type: &'a str,
    buttons: [Button<'a>; 3],
}

#[derive(Serialize)]
struct Button<'a> {
    id: &'a str,
    title: &'a str,
}

impl<'a> ButtonMessage<'a> {
    /// A text above three buttons.
    #[must_use]
    pub const fn new(body: &'a str) -> Self {
        let [a, b, c] = messages::BUTTON_IDS;
        let [one, two, three] = messages::BUTTON_TITLES;
        Self {
            phone_number: messages::TO,
            message_body: body,
            message_type: "interactive",
            buttons: [
                Button { id: a, title: one },
                Button { id: b, title: two },
                Button {
                    id: c,
                    title: three,
                },
            ],
        }
    }
}

/// What a success answer says. `data.message`, the echo, is nobody's field, so that readers skip it.
#[derive(DeriveDeserialize)]
#[allow(missing_docs)]
pub struct Accepted<'a> {
    pub status: &'a str,
    pub message: Option<&'a str>,
    pub data: AcceptedData<'a>,
}

/// See [`Accepted`].
#[derive(DeriveDeserialize)]
#[allow(missing_docs)]
pub struct AcceptedData<'a> {
    pub message_id: &'a str,
    pub contact_id: Option<u64>,
    pub phone: Option<&'a str>,
    pub status: Option<&'a str>,
    pub sent_at: Option<&'a str>,
    pub chat_id: Option<u64>,
    pub contact_created: Option<bool>,
}

/// What a refusal says.
#[derive(DeriveDeserialize)]
#[allow(missing_docs)]
pub struct Refusal<'a> {
    pub status: &'a str,
    pub message: Option<&'a str>,
    #[serde(borrow)]
    pub errors: Errors<'a>,
}

/// What a status answer says.
#[derive(DeriveDeserialize)]
#[allow(missing_docs)]
pub struct Delivery<'a> {
    pub status: &'a str,
    pub data: DeliveryData<'a>,
}

/// See [`Delivery`].
#[derive(DeriveDeserialize)]
#[allow(missing_docs)]
pub struct DeliveryData<'a> {
    pub message_id: Option<&'a str>,
    pub delivery_status: &'a str,
    pub error_message: Option<&'a str>,
    pub last_updated: Option<&'a str>,
}

/// The first errors of a refusal, by field, and how many more there were.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Errors<'a> {
    pub kept: heapless::Vec<(&'a str, &'a str), ERRORS_KEPT>,
    pub omitted: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Errors<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Errors<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("errors by field")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Errors<'de>, M::Error> {
                let mut errors = Errors::default();
                while let Some(field) = map.next_key::<&str>()? {
                    let FirstText(text) = map.next_value()?;
                    if errors.kept.push((field, text)).is_err() {
                        errors.omitted = errors.omitted.saturating_add(1);
                    }
                }
                Ok(errors)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

struct FirstText<'a>(&'a str);

impl<'de> Deserialize<'de> for FirstText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = &'de str;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<&'de str, S::Error> {
                let missing = || S::Error::custom("no text");
                let first = list.next_element()?.ok_or_else(missing)?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(first)
            }
        }
        deserializer.deserialize_seq(Texts).map(FirstText)
    }
}

/// Encodes a text; the bytes of the request.
#[inline(never)]
pub fn text(body: &str, out: &mut [u8]) -> usize {
    serde_json_core::to_slice(&TextMessage::new(body), out).unwrap_or_default()
}

/// Encodes a message with three buttons; the bytes of the request.
#[inline(never)]
pub fn buttons(body: &str, out: &mut [u8]) -> usize {
    serde_json_core::to_slice(&ButtonMessage::new(body), out).unwrap_or_default()
}

/// Reads a success answer.
#[inline(never)]
#[must_use]
pub fn accepted(body: &[u8]) -> Option<Accepted<'_>> {
    read(body)
}

/// Reads a refusal.
#[inline(never)]
#[must_use]
pub fn refusal(body: &[u8]) -> Option<Refusal<'_>> {
    read(body)
}

/// Reads a status answer.
#[inline(never)]
#[must_use]
pub fn delivery(body: &[u8]) -> Option<Delivery<'_>> {
    read(body)
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    serde_json_core::from_slice(body)
        .ok()
        .map(|(value, _)| value)
}
