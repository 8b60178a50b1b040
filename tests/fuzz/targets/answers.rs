//! The answer reader against `serde_json`: whatever the bytes and however they are cut into chunks, the outcome is the one
//! that the API's facts ask for.

#![no_main]
#![allow(clippy::indexing_slicing)] // A finding is a panic.

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Value, json};
use xobito_fuzz::{Verdict, verdict};
use xobito_properties::answers::{Asked, expected};
use xobito_properties::reading::{as_value, cut, rounded_wait};

/// The reader of this test keeps texts of 600 bytes, and 24 errors.
const BODY_MAX: usize = 600;
const ERRORS_MAX: usize = 24;

const STATUSES: [u16; 16] = [
    200, 200, 200, 201, 302, 400, 401, 403, 404, 409, 422, 422, 429, 500, 503, 599,
];

fuzz_target!(|data: &[u8]| -> Corpus { check(data) });

/// The first three bytes choose what was asked, the status and the chunks; the others are the body.
fn check(data: &[u8]) -> Corpus {
    let Some(([asked, status, chunks], body)) = data.split_first_chunk() else {
        return Corpus::Reject;
    };
    if body.len() > BODY_MAX {
        return Corpus::Reject;
    }
    let asked = match asked % 3 {
        0 => Asked::Send,
        1 => Asked::Status,
        _ => Asked::Validate,
    };
    let status = STATUSES[usize::from(status % 16)];
    let chunks = [
        1 + usize::from(chunks % 16),
        1 + 7 * usize::from(chunks / 16),
    ];
    let whole = as_value(asked, status, body, &[BODY_MAX]);
    let in_chunks = as_value(asked, status, body, &chunks);
    assert_eq!(whole, in_chunks, "in chunks of {chunks:?}");

    let (mut expected, settles) = match verdict(body) {
        Verdict::Json { has_repeated, .. } => (expected(asked, status, body), !has_repeated),
        // Of a text that is no JSON, what came before the mistake may be reported.
        Verdict::NotJson => {
            let settles = !(300..500).contains(&status);
            (expected(asked, status, b""), settles)
        }
    };
    for member in ["outcome", "http_status"] {
        assert_eq!(whole[member], expected[member], "{whole}");
    }
    if !settles || texts(&expected["errors"]) > ERRORS_MAX {
        return Corpus::Keep;
    }
    if let Some(seconds) = rounded_wait(&whole, &expected, body) {
        // Floats cannot tell 1 from 1 and a very small fraction.
        let wait = whole["retry_after_s"].as_u64().unwrap_or_default();
        assert!(wait.abs_diff(seconds) <= 1, "{wait} instead of {seconds}");
        expected["retry_after_s"] = json!(wait);
    }
    let fields = |value: &Value| value["errors"].as_object().map(serde_json::Map::len);
    let of_the_answer = fields(&expected);
    cut(&mut expected);
    // Of two long names whose beginnings are equal, one is left in the reference.
    if fields(&expected) == of_the_answer {
        assert_eq!(whole, expected);
    }
    Corpus::Keep
}

/// How many texts there are in a value.
fn texts(value: &Value) -> usize {
    match value {
        Value::String(_) => 1,
        Value::Array(list) => list.iter().map(texts).sum(),
        Value::Object(members) => members.values().map(texts).sum(),
        _ => 0,
    }
}
