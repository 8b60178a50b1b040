//! Arbitrary answers, and what each of them means: a slow second reading of the API's facts, on `serde_json`.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::texts::text;

/// A JSON value that may have the same key twice, as an attacker's may.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Json {
    Word(&'static str),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Choices that a writer of JSON is free to make, used up one by one and then anew.
pub struct Style<'a> {
    choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl<'a> Style<'a> {
    /// A style from some bytes, at least one.
    #[must_use]
    pub fn new(choices: &'a [u8]) -> Self {
        Self {
            choices: choices.iter().cycle(),
        }
    }

    fn one_in(&mut self, n: u8) -> bool {
        self.choices.next().is_some_and(|choice| choice % n == 0)
    }

    fn space(&mut self, out: &mut String) {
        if self.one_in(5) {
            out.push_str(
                [" ", "\n", "\t", "\r\n  "]
                    [usize::from(self.one_in(2)) * 2 + usize::from(self.one_in(2))],
            );
        }
    }

    fn text(&mut self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            if self.one_in(3) || character < ' ' || matches!(character, '"' | '\\') {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let spelled = if self.one_in(2) {
                        format!("\\u{unit:04x}")
                    } else {
                        format!("\\u{unit:04X}")
                    };
                    out.push_str(&spelled);
                }
            } else if character == '/' && self.one_in(2) {
                out.push_str("\\/");
            } else {
                out.push(character);
            }
        }
        out.push('"');
    }

    /// Writes a value in this style.
    pub fn write(&mut self, value: &Json, out: &mut String) {
        self.space(out);
        match value {
            Json::Word(word) => out.push_str(word),
            Json::Number(digits) => out.push_str(digits),
            Json::Text(text) => self.text(text, out),
            Json::List(entries) => {
                out.push('[');
                for (at, entry) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.write(entry, out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (key, member)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.space(out);
                    self.text(key, out);
                    self.space(out);
                    out.push(':');
                    self.write(member, out);
                }
                self.space(out);
                out.push('}');
            }
        }
        self.space(out);
    }
}

/// A number of any form that both readers can hold.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        (0..100_u8).prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,5})?([eE][+-]?[0-9])?",
    ]
}

/// Any value, a few levels deep.
pub fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(Json::Word),
        number().prop_map(Json::Number),
        text(0..12).prop_map(Json::Text),
        prop::sample::select(vec!["success", "error", "sent", "delivered", "45", "x"])
            .prop_map(|text| Json::Text(text.into())),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Json::List),
            vec((key(), inner), 0..5).prop_map(Json::Object)
        ]
    })
}

/// A key: often one that means something somewhere.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![3 => prop::sample::select(KEYS).prop_map(String::from), 1 => text(0..50)]
}

const KEYS: &[&str] = &[
    "status",
    "message",
    "errors",
    "retry_after",
    "data",
    "message_id",
    "contact_id",
    "phone",
    "sent_at",
    "chat_id",
    "contact_created",
    "whatsapp_response",
    "messages",
    "id",
    "delivery_status",
    "error_message",
    "last_updated",
    "format_valid",
    "country",
    "reason",
    "message_body",
    "",
];

/// An answer that is nearly what the API sends: known members with right and wrong values, in any order, among others.
pub fn answer() -> impl Strategy<Value = Json> {
    let outer = members(vec![
        (
            "status",
            prop_oneof![5 => word("success"), 2 => word("error"), 1 => value()].boxed(),
        ),
        (
            "message",
            prop_oneof![4 => text(0..30).prop_map(Json::Text), 1 => window_text(), 1 => value()]
                .boxed(),
        ),
        (
            "errors",
            prop_oneof![3 => errors(), 1 => text(0..20).prop_map(Json::Text), 1 => value()].boxed(),
        ),
        (
            "retry_after",
            prop_oneof![
                (0..200_u8).prop_map(|n| Json::Number(n.to_string())),
                word("45"),
                word("45.05"),
                value()
            ]
            .boxed(),
        ),
        ("data", prop_oneof![8 => data(), 1 => value()].boxed()),
    ]);
    prop_oneof![12 => outer, 1 => value().boxed()].prop_map(with_single_errors)
}

/// The reader lists errors as they come, so a field that is named twice has two; `serde_json` knows the last only.
fn with_single_errors(mut answer: Json) -> Json {
    if let Json::Object(members) = &mut answer {
        for (_, errors) in members.iter_mut().filter(|(key, _)| key == "errors") {
            if let Json::Object(fields) = errors {
                let mut seen = std::collections::BTreeSet::new();
                fields.retain(|(field, _)| seen.insert(field.clone()));
            }
        }
    }
    answer
}

fn data() -> BoxedStrategy<Json> {
    let text = || prop_oneof![6 => text(0..12).prop_map(Json::Text), 1 => value()].boxed();
    let number = || prop_oneof![4 => number().prop_map(Json::Number), 1 => value()].boxed();
    let boolean = || {
        prop_oneof![4 => any::<bool>().prop_map(|b| Json::Word(if b { "true" } else { "false" })), 1 => value()].boxed()
    };
    let state = prop::sample::select(vec![
        "pending",
        "sent",
        "delivered",
        "read",
        "failed",
        "deliveredx",
        "queued",
    ]);
    members(vec![
        ("message_id", text()),
        (
            "whatsapp_response",
            prop_oneof![3 => whatsapp_response(), 1 => value()].boxed(),
        ),
        ("contact_id", number()),
        ("chat_id", number()),
        ("contact_created", boolean()),
        ("phone", text()),
        ("status", text()),
        ("sent_at", text()),
        (
            "delivery_status",
            prop_oneof![5 => state.prop_map(|word| Json::Text(word.into())), 1 => value()].boxed(),
        ),
        (
            "error_message",
            prop_oneof![text(), window_text().boxed()].boxed(),
        ),
        ("last_updated", text()),
        ("format_valid", boolean()),
        ("e164", text()),
        ("note", text()),
    ])
    .boxed()
}

fn whatsapp_response() -> BoxedStrategy<Json> {
    let id = text(0..12).prop_map(|id| Json::Object(vec![("id".into(), Json::Text(id))]));
    let messages = vec(prop_oneof![3 => id, 1 => value()], 0..3).prop_map(Json::List);
    members(vec![(
        "messages",
        prop_oneof![3 => messages, 1 => value()].boxed(),
    )])
    .boxed()
}

fn errors() -> BoxedStrategy<Json> {
    let texts = vec(
        prop_oneof![5 => text(0..12).prop_map(Json::Text), 1 => window_text(), 1 => value()],
        0..3,
    );
    let field = prop_oneof![4 => texts.prop_map(Json::List), 1 => text(0..12).prop_map(Json::Text), 1 => value()];
    let object = prop::collection::btree_map("[a-z_]{1,8}(\\.[0-9]\\.[a-z]{1,5})?", field, 0..4)
        .prop_map(|fields| Json::Object(fields.into_iter().collect()));
    prop_oneof![
        object,
        vec(text(0..12).prop_map(Json::Text), 0..3).prop_map(Json::List)
    ]
    .boxed()
}

fn word(word: &'static str) -> impl Strategy<Value = Json> {
    Just(Json::Text(word.into()))
}

fn window_text() -> impl Strategy<Value = Json> {
    prop::sample::select(vec![
        "Message outside 24-hour window",
        "(#131047) Re-Engagement",
        "Template  required",
        "TEMPLATE REQUIRED",
    ])
    .prop_map(|text| Json::Text(text.into()))
}

/// An object with some of these members and others that mean nothing there, in any order.
fn members(known: Vec<(&'static str, BoxedStrategy<Json>)>) -> BoxedStrategy<Json> {
    let known = known
        .into_iter()
        .map(|(key, value)| {
            prop::option::weighted(0.7, value.prop_map(move |value| (key.to_owned(), value)))
                .boxed()
        })
        .collect::<Vec<_>>();
    (known, vec((text(0..8), value()), 0..3))
        .prop_map(|(known, others)| {
            known
                .into_iter()
                .flatten()
                .chain(others)
                .collect::<Vec<_>>()
        })
        .prop_shuffle()
        .prop_map(Json::Object)
        .boxed()
}

/// Which endpoint answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Asked {
    Send,
    Status,
    Validate,
}

/// The outcome that an answer of this status and body must have, as the flat object that `Outcome` serializes to.
#[must_use]
pub fn expected(asked: Asked, status: u16, body: &[u8]) -> Value {
    let parsed = serde_json::from_slice::<Value>(body);
    let answer = parsed.as_ref().unwrap_or(&Value::Null);
    let said = answer["status"].as_str();
    let unknown =
        |cause: &str| json!({"outcome": "unknown", "cause": cause, "http_status": status});
    match status {
        200..=299 => match (&parsed, said) {
            (Err(_), _) => unknown("malformed-json"),
            (_, Some("error")) => rejected("api-error", status, answer),
            (_, Some("success")) => success(asked, answer).unwrap_or_else(unknown),
            _ => unknown("missing-status"),
        },
        300..=399 => rejected("redirected", status, answer),
        400 => rejected("bad-request", status, answer),
        401 => rejected("token", status, answer),
        403 => rejected("ability", status, answer),
        404 => rejected("not-found", status, answer),
        422 => rejected("validation", status, answer),
        429 => rejected("rate-limited", status, answer),
        402..=499 => rejected("refused", status, answer),
        _ if said == Some("error") => rejected("server-error", status, answer),
        _ => unknown("gateway-error"),
    }
}

fn success(asked: Asked, answer: &Value) -> Result<Value, &'static str> {
    let data = &answer["data"];
    let mut out = Map::from_iter([("outcome".into(), json!("accepted"))]);
    let mut copy = |keys: &[&str], is: fn(&Value) -> bool| {
        for key in keys {
            out.extend(
                Some(&data[*key])
                    .filter(|value| is(value))
                    .map(|value| ((*key).into(), value.clone())),
            );
        }
    };
    match asked {
        Asked::Send => {
            copy(&["phone", "status", "sent_at"], Value::is_string);
            copy(&["contact_id", "chat_id"], Value::is_u64);
            copy(&["contact_created"], Value::is_boolean);
            let filled =
                |value: &Value| value.as_str().filter(|id| !id.is_empty()).map(String::from);
            let id = filled(&data["message_id"])
                .or_else(|| filled(&data["whatsapp_response"]["messages"][0]["id"]))
                .ok_or("missing-id")?;
            out.insert("message_id".into(), json!(id));
            out.extend(
                answer
                    .get("message")
                    .filter(|text| text.is_string())
                    .map(|text| ("message".into(), text.clone())),
            );
        }
        Asked::Status => {
            copy(
                &["message_id", "error_message", "last_updated"],
                Value::is_string,
            );
            let word = data["delivery_status"]
                .as_str()
                .filter(|word| !word.is_empty())
                .ok_or("missing-field")?;
            let known = ["pending", "sent", "delivered", "read", "failed"].contains(&word);
            out.insert(
                "delivery_status".into(),
                json!(if known { word } else { "other" }),
            );
            let closed = data["error_message"]
                .as_str()
                .is_some_and(says_window_closed);
            out.insert("window_closed".into(), json!(closed));
        }
        Asked::Validate => {
            copy(&["format_valid"], Value::is_boolean);
            copy(
                &["phone", "phone_digits", "country_code", "country"],
                Value::is_string,
            );
            copy(
                &["national_number", "e164", "reason", "note"],
                Value::is_string,
            );
            data["format_valid"].as_bool().ok_or("missing-field")?;
        }
    }
    Ok(Value::Object(out))
}

fn rejected(cause: &str, status: u16, answer: &Value) -> Value {
    let mut out = json!({"outcome": "rejected", "cause": cause, "http_status": status});
    if let Some(message) = answer["message"].as_str() {
        out["message"] = json!(message);
    }
    if let Some(seconds) = retry_after_s(&answer["retry_after"]) {
        out["retry_after_s"] = json!(seconds);
    }
    let errors = field_errors(&answer["errors"]);
    if !errors.is_null() {
        out["errors"] = errors;
    }
    let mut texts = Vec::new();
    strings(&out["message"], &mut texts);
    strings(&out["errors"], &mut texts);
    if !matches!(cause, "token" | "rate-limited" | "redirected")
        && texts.iter().any(|text| says_window_closed(text))
    {
        out["cause"] = json!("window-closed");
    }
    out
}

/// Of a text, itself; of an object, the texts and the lists of texts in it; null where there is none.
fn field_errors(errors: &Value) -> Value {
    let texts = |list: &Vec<Value>| {
        list.iter()
            .filter(|entry| entry.is_string())
            .cloned()
            .collect::<Vec<_>>()
    };
    match errors {
        Value::String(_) => errors.clone(),
        Value::Array(list) => match texts(list).as_slice() {
            [] => Value::Null,
            [only] => only.clone(),
            several => json!({"": several}),
        },
        Value::Object(fields) => {
            let of_field = |value: &Value| match value {
                Value::String(_) => vec![value.clone()],
                Value::Array(list) => texts(list),
                _ => Vec::new(),
            };
            let kept: Map<_, _> = fields
                .iter()
                .map(|(field, value)| (field.clone(), Value::Array(of_field(value))))
                .filter(|(_, texts)| texts.as_array().is_some_and(|texts| !texts.is_empty()))
                .collect();
            match kept.get("").and_then(Value::as_array).map(Vec::as_slice) {
                Some([only]) if kept.len() == 1 => only.clone(),
                _ if kept.is_empty() => Value::Null,
                _ => Value::Object(kept),
            }
        }
        _ => Value::Null,
    }
}

fn retry_after_s(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let is_number = [whole, fraction].iter().all(|digits| {
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            let seconds = whole
                .parse()
                .ok()
                .filter(|_| is_number && text.len() <= 24)?;
            let rounded_up = u128::from(fraction.bytes().any(|digit| digit != b'0'));
            let rounded = u128::saturating_add(seconds, rounded_up);
            Some(u32::try_from(rounded).unwrap_or(u32::MAX))
        }
        Value::Number(number) => number
            .as_u64()
            .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
        _ => None,
    }
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|entry| strings(entry, out)),
        Value::Object(members) => members.values().for_each(|member| strings(member, out)),
        _ => {}
    }
}

fn says_window_closed(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "24-hour",
        "24 hour",
        "re-engagement",
        "131047",
        "template required",
        "session not active",
    ]
    .iter()
    .any(|words| text.contains(words))
}
