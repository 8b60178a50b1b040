//! JSON as `serde_json` sees it, and what it does not tell.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use xobito_core::limits::JSON_DEPTH_MAX;

/// What a text is.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// No JSON, or JSON that nests deeper than the reader goes.
    NotJson,
    /// JSON.
    Json {
        /// Its value; of several members with the same key the last.
        value: Value,
        /// Whether a key is there twice of which the reader does not take the last alone: one of `errors`, since it lists all
        /// of a field's errors, or the outermost `status`, since it looks in no `message` that follows a success for the words
        /// of a closed window.
        has_repeated: bool,
    },
}

/// Judges a text.
#[must_use]
pub fn verdict(text: &[u8]) -> Verdict {
    match serde_json::from_slice(text) {
        Ok(value) if depth(text) <= usize::from(JSON_DEPTH_MAX) => Verdict::Json {
            value,
            has_repeated: has_repeated(text),
        },
        _ => Verdict::NotJson,
    }
}

/// How deep a JSON text nests.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    deepest
}

fn has_repeated(text: &[u8]) -> bool {
    serde_json::from_slice::<Root>(text).is_ok_and(|root| root.0)
}

/// Whether the outermost object has `status` twice, or its `errors` have a key twice.
struct Root(bool);

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Root;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Root, M::Error> {
                let (mut statuses, mut repeated) = (0, false);
                while let Some(key) = map.next_key::<String>()? {
                    if key == "errors" {
                        repeated |= map.next_value::<Errors>()?.0;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    statuses += usize::from(key == "status");
                }
                Ok(Root(repeated || statuses > 1))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Whether a value is an object that has a key twice.
struct Errors(bool);

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Errors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Errors, M::Error> {
                let mut keys = BTreeSet::new();
                let mut repeated = false;
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value::<IgnoredAny>()?;
                    repeated |= !keys.insert(key);
                }
                Ok(Errors(repeated))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Errors, S::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Errors(false))
            }

            fn visit_str<E>(self, _: &str) -> Result<Errors, E> {
                Ok(Errors(false))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Errors, E> {
                Ok(Errors(false))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Errors, E> {
                Ok(Errors(false))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Errors, E> {
                Ok(Errors(false))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Errors, E> {
                Ok(Errors(false))
            }

            fn visit_unit<E>(self) -> Result<Errors, E> {
                Ok(Errors(false))
            }
        }
        deserializer.deserialize_any(Fields)
    }
}
