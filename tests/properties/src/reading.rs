//! What the reader makes of an answer, in the terms of the reference in [`answers`](crate::answers).

use serde_json::{Value, json};
use xobito_core::{Accepted, Answer, AnswerReader, Delivery, End, Outcome, Rejection, Validation};

use crate::answers::Asked;

/// What the reader makes of an answer that comes in chunks of these lengths, over and over.
#[must_use]
pub fn read<A: Answer>(
    status: u16,
    body: &[u8],
    chunks: &[usize],
) -> Outcome<A, Rejection<600, 24>> {
    let mut reader = AnswerReader::<A, 600, 24>::new();
    reader.status(status);
    let mut rest = body;
    for len in chunks.iter().cycle() {
        let (chunk, tail) = rest.split_at((*len).min(rest.len()));
        reader.feed(chunk);
        rest = tail;
        if rest.is_empty() {
            break;
        }
    }
    reader.finish(End::Complete).cloned()
}

/// The same as the flat object that an outcome serializes to, for any kind of answer.
#[must_use]
pub fn as_value(asked: Asked, status: u16, body: &[u8], chunks: &[usize]) -> Value {
    match asked {
        Asked::Send => serde_json::to_value(read::<Accepted<600>>(status, body, chunks)),
        Asked::Status => serde_json::to_value(read::<Delivery<600>>(status, body, chunks)),
        Asked::Validate => serde_json::to_value(read::<Validation<600>>(status, body, chunks)),
    }
    .unwrap_or_default()
}

/// The wait that a fraction of a second asks for, rounded up, where the outcome has a wait and the reference, which knows
/// whole numbers only, has none.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn rounded_wait(actual: &Value, expected: &Value, body: &[u8]) -> Option<u64> {
    if actual.get("retry_after_s").is_none() || expected.get("retry_after_s").is_some() {
        return None;
    }
    let answer = serde_json::from_slice::<Value>(body).ok()?;
    let seconds = answer["retry_after"].as_f64()?;
    (seconds >= 0.0).then(|| seconds.min(f64::from(u32::MAX)).ceil() as u64)
}

/// What is longer than the reader keeps is cut there; the reference keeps all.
pub fn cut(expected: &mut Value) {
    let message = if expected["outcome"] == "accepted" {
        32
    } else {
        600
    };
    // The id of a message that was asked after is kept as far as it can be asked after again.
    let message_id = if expected.get("delivery_status").is_some() {
        128
    } else {
        600
    };
    let limits = [
        ("message_id", message_id),
        ("phone_digits", 16),
        ("country_code", 4),
        ("national_number", 16),
        ("message", message),
        ("phone", 24),
        ("status", 16),
        ("sent_at", 32),
        ("last_updated", 32),
        ("e164", 16),
        ("country", 32),
    ];
    for (key, limit) in limits {
        if let Some(text) = expected.get(key).and_then(Value::as_str) {
            let end = (0..=limit.min(text.len()))
                .rev()
                .find(|end| text.is_char_boundary(*end))
                .unwrap_or(0);
            let mark = if end < text.len() { "…" } else { "" };
            expected[key] = json!(format!("{}{mark}", &text[..end]));
        }
    }
    let Some(fields) = expected.get("errors").and_then(Value::as_object) else {
        return;
    };
    let cut = fields.iter().map(|(field, texts)| {
        let end = (0..=32.min(field.len()))
            .rev()
            .find(|end| field.is_char_boundary(*end))
            .unwrap_or(0);
        (field[..end].to_owned(), texts.clone())
    });
    expected["errors"] = Value::Object(cut.collect());
}
