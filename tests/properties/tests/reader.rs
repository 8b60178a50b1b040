//! Whatever the answer and however it is cut into chunks: the reader and `serde_json` agree.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use xobito_core::outcome::Failure;
use xobito_core::{Accepted, AnswerReader, End};
use xobito_properties::answers::{Asked, Json, Style, answer, expected, value};
use xobito_properties::reading::{as_value, cut, read, rounded_wait};

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        Just(Asked::Send),
        Just(Asked::Status),
        Just(Asked::Validate)
    ]
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        6 => Just(200_u16),
        4 => prop::sample::select(vec![201, 204, 301, 302, 400, 401, 402, 403, 404, 422, 429, 500, 502, 503]),
        1 => 200..600_u16,
    ]
}

fn chunks() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        vec(1..9_usize, 1..6),
        vec(1..200_usize, 1..4),
        Just(vec![1]),
        Just(vec![usize::MAX])
    ]
}

fn spelled(answer: &Json, style: &[u8]) -> String {
    let mut text = String::new();
    Style::new(style).write(answer, &mut text);
    text
}

/// Numbers that `serde_json` refuses although they are JSON: too large for a float.
fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().contains("number out of range")
        || error.to_string().contains("recursion limit")
}

proptest! {
    #[test]
    fn the_outcome_is_the_one_that_the_facts_ask_for(
        answer in answer(), asked in asked(), status in status(), style in vec(any::<u8>(), 1..40), chunks in chunks(),
    ) {
        let body = spelled(&answer, &style);
        let mut expected = expected(asked, status, body.as_bytes());
        let actual = as_value(asked, status, body.as_bytes(), &chunks);
        if let Some(seconds) = rounded_wait(&actual, &expected, body.as_bytes()) {
            prop_assert_eq!(&actual["retry_after_s"], &json!(seconds), "{}", body);
            expected["retry_after_s"] = json!(seconds);
        }
        cut(&mut expected);
        prop_assert_eq!(actual, expected, "{}", body);
    }

    #[test]
    fn a_mutated_text_is_json_for_both_or_for_neither(
        value in value(), style in vec(any::<u8>(), 1..40), chunks in chunks(),
        mutations in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4),
    ) {
        let mut body = spelled(&value, &style).into_bytes();
        for (index, byte, how) in mutations {
            if body.is_empty() {
                break;
            }
            let at = index.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, b"{}[]\",:\\u0e-+. tn"[usize::from(byte) % 17]),
                _ => {
                    body.remove(at);
                }
            }
        }
        let is_json = match serde_json::from_slice::<Value>(&body) {
            Ok(_) => true,
            Err(error) if is_out_of_range(&error) => return Ok(()),
            Err(_) => false,
        };
        let outcome = as_value(Asked::Send, 200, &body, &chunks);
        prop_assert_eq!(outcome["cause"] != "malformed-json", is_json, "{}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn a_text_that_ends_too_early_is_never_accepted(
        answer in answer(), style in vec(any::<u8>(), 1..40), end in any::<prop::sample::Index>(), chunks in chunks(),
    ) {
        let body = spelled(&answer, &style);
        let whole = body.trim_end();
        let cut = &whole.as_bytes()[..end.index(whole.len())];
        if serde_json::from_slice::<Value>(cut).is_err() {
            prop_assert_eq!(&as_value(Asked::Send, 200, cut, &chunks)["cause"], "malformed-json");
        }
    }

    #[test]
    fn arbitrary_bytes_end_in_some_outcome(
        body in vec(any::<u8>(), 0..300), asked in asked(), status in any::<u16>(), chunks in chunks(),
    ) {
        let outcome = as_value(asked, status, &body, &chunks);
        prop_assert!(outcome["outcome"] != "accepted" || serde_json::from_slice::<Value>(&body).is_ok());
    }

    #[test]
    fn what_came_before_the_connection_broke_still_counts(
        answer in answer(), status in status(), style in vec(any::<u8>(), 1..40),
    ) {
        let body = spelled(&answer, &style);
        let mut reader = AnswerReader::<Accepted<600>, 600, 24>::new();
        reader.status(status);
        reader.feed(body.as_bytes());
        let broken = reader.finish(End::Failed { request_left: true, failure: Failure::ConnectionLost });
        // The answer was whole, so the break after it changes nothing.
        prop_assert_eq!(broken.cloned(), read::<Accepted<600>>(status, body.as_bytes(), &[usize::MAX]));
    }
}
