//! What counts is told by where it stands, and by nothing else.

use super::sealed::{Fields, Place};
use super::*;

fn errors(body: &str) -> Vec<String> {
    let Outcome::Rejected(rejection) = send(422, body) else {
        panic!("not refused: {body}")
    };
    rejection.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn the_last_of_equal_keys_counts_even_where_it_is_of_no_use() {
    for last in ["null", "7", "[]", "{}", "{\"other\":{}}", "\"wamid.B\""] {
        let body = format!(
            r#"{{"status":"success","data":{{"message_id":"wamid.A","chat_id":7}},"data":{last}}}"#
        );
        assert_eq!(send(200, &body).cause(), Some("missing-id"), "{last}");
        let body = format!(r#"{{"message":"No","message":{last}}}"#);
        let said = send(422, &body).to_string();
        assert!(!said.contains("No"), "{said}");
        assert_eq!(said.contains("wamid.B"), last.contains("wamid.B"), "{said}");
    }
    let twice = r#"{"errors":{"header":["Too long."]},"errors":{"footer":["Empty."]}}"#;
    assert_eq!(errors(twice), ["footer: Empty."]);
    for last in ["null", "7", "[]", "{}"] {
        let body = format!(r#"{{"errors":{{"header":["Too long."]}},"errors":{last}}}"#);
        assert_eq!(errors(&body), [""; 0], "{last}");
    }
}

#[test]
fn what_stands_elsewhere_is_something_else() {
    let elsewhere = r#""x":{"message_id":"no","data":{"message_id":"no"},"y":[{"message_id":"no"},["no"]]},"z":[{"message_id":"no"}]"#;
    for (before, behind) in [(elsewhere, r#""v":1"#), (r#""v":1"#, elsewhere)] {
        let body = format!(
            r#"{{"status":"success",{before},"message_id":"no","data":{{{before},"message_id":"wamid.A",{behind}}},{behind}}}"#
        );
        let Outcome::Accepted(accepted) = send(200, &body) else {
            panic!("not accepted: {body}")
        };
        assert_eq!(accepted.message_id.as_str(), "wamid.A", "{body}");
    }
    for nowhere in [
        r#"{"status":"success","message_id":"wamid.A"}"#,
        r#"{"status":"success","data":[{"message_id":"wamid.A"}]}"#,
        r#"[{"status":"success","data":{"message_id":"wamid.A"}}]"#,
        r#"{"x":{"status":"success","data":{"message_id":"wamid.A"}}}"#,
        r#"{"status":"success","data":{"whatsapp_response":[{"id":"wamid.A"}]}}"#,
        r#"{"status":"success","data":{"whatsapp_response":{"messages":{"id":"wamid.A"}}}}"#,
        r#"{"status":"success","data":{"whatsapp_response":{"messages":{"x":{"id":"wamid.A"}}}}}"#,
        r#"{"status":"success","data":{"whatsapp_response":{"messages":[["id","wamid.A"]]}}}"#,
        r#"{"status":"success","data":{"whatsapp_response":{"messages":[[{"id":"wamid.A"}]]}}}"#,
        r#"{"status":"success","data":{"whatsapp_response":[{"messages":[{"id":"wamid.A"}]}]}}"#,
        r#"{"status":"success","data":{"whatsapp_response":{"messages":["x",{"id":"wamid.A"}]}}}"#,
    ] {
        let outcome = send(200, nowhere);
        assert!(matches!(outcome, Outcome::Unknown(_)), "{nowhere}");
    }
}

#[test]
fn a_status_is_taken_back_by_whatever_another_one_is() {
    for again in [
        "null",
        "7",
        "true",
        "[]",
        "{}",
        r#""""#,
        r#""x""#,
        r#""error""#,
    ] {
        let body =
            format!(r#"{{"status":"success","data":{{"message_id":"wamid.A"}},"status":{again}}}"#);
        let outcome = send(200, &body);
        assert!(!matches!(outcome, Outcome::Accepted(_)), "{body}");
    }
}

#[test]
fn of_several_messages_the_first_counts() {
    let body = r#"{"status":"success","data":{"whatsapp_response":{"messages":[{"x":[1,{"id":"no"}],"id":"wamid.A"},{"id":"wamid.B"}]}}}"#;
    let Outcome::Accepted(accepted) = send(200, body) else {
        panic!("not accepted")
    };
    assert_eq!(accepted.message_id.as_str(), "wamid.A");
}

#[test]
fn whatsapps_own_answer_brings_an_id_by_its_place_and_takes_it_back() {
    let id = r#""whatsapp_response":{"messages":[{"id":"wamid.W"}]}"#;
    for (data, expected) in [
        (id.to_owned(), Some("wamid.W")),
        (r#""whatsapp_response":"no""#.to_owned(), None),
        (r#""whatsapp_response":{"messages":"no"}"#.to_owned(), None),
        (
            r#""whatsapp_response":{"messages":["no"]}"#.to_owned(),
            None,
        ),
        (format!(r#"{id},"whatsapp_response":null"#), None),
        (format!(r#"{id},"whatsapp_response":{{}}"#), None),
        (
            r#""whatsapp_response":{"messages":[{"id":"no"}],"messages":[]}"#.to_owned(),
            None,
        ),
        (format!(r#"{id},"message_id":"own""#), Some("own")),
        (format!(r#"{id},"message_id":"""#), Some("wamid.W")),
        (format!(r#""message_id":"own",{id}"#), Some("own")),
        (
            format!(r#""message_id":"own",{id},"whatsapp_response":"no""#),
            Some("own"),
        ),
    ] {
        let outcome = send(200, &format!(r#"{{"status":"success","data":{{{data}}}}}"#));
        let id = match &outcome {
            Outcome::Accepted(accepted) => Some(accepted.message_id.as_str()),
            _ => None,
        };
        assert_eq!(id, expected, "{data}");
    }
}

#[test]
fn what_comes_in_parts_is_what_comes_whole() {
    let whole = r#"{"status":"success","data":{"whatsapp_response":{"messages":[{"id":"wamid.W"}]},"message_id":"own"},"message":"m\u00e9","errors":{"a":["24-hour \u00e9","Two"],"b":"Three"},"retry_after":45}"#;
    // Miri is slow: it sees enough of them.
    let step = if cfg!(miri) { 31 } else { 1 };
    for (status, len) in [200, 422]
        .into_iter()
        .flat_map(|status| (1..whole.len()).step_by(step).map(move |len| (status, len)))
    {
        let mut reader = AnswerReader::<Accepted>::new();
        reader.status(status);
        for chunk in whole.as_bytes().chunks(len) {
            reader.feed(chunk);
        }
        let outcome = reader.finish(End::Complete).cloned();
        assert_eq!(outcome, send(status, whole), "{len}");
    }
}

#[test]
fn errors_are_texts_at_their_fields() {
    for (errors_of, expected) in [
        (r#""Nothing works.""#, &["Nothing works."][..]),
        (r#"{"a":[""]}"#, &["a: "]),
        (
            r#"["One.",[["no"],"no"],{"no":"no"},"Two."]"#,
            &["One.", "Two."],
        ),
        (
            r#"{"a":["One.",[["no"],"no",{"a":"no"},"no"],{"b":"no"},7,"Two."],"c":"Three.","d":{"e":"no"},"f":7}"#,
            &["a: One.", "a: Two.", "c: Three."],
        ),
    ] {
        let body = format!(r#"{{"errors":{errors_of},"message":"No"}}"#);
        assert_eq!(errors(&body), expected, "{body}");
    }
}

#[test]
fn a_wait_is_made_of_digits() {
    for (wait, seconds) in [
        (r#""45""#, Some(45)),
        ("45", Some(45)),
        (r#"":""#, None),
        (r#""4294967295""#, Some(u32::MAX)),
        (r#""4294967296""#, Some(u32::MAX)),
        (r#""42949672950""#, Some(u32::MAX)),
        (r#""000000000000000000000045""#, Some(45)),
        (r#""0000000000000000000000045""#, None),
        ("4294967296", Some(u32::MAX)),
        ("1.5", Some(2)),
        ("1.0", Some(1)),
        (r#""1.5""#, Some(2)),
        ("1.0000000000000000000001", Some(2)),
        ("1.00000000000000000000001", None),
        (r#""4:""#, None),
        (r#""/5""#, None),
        (r#""""#, None),
        (r#"{"x":45}"#, None),
        ("[45]", None),
        ("null", None),
    ] {
        let body = format!(r#"{{"retry_after":{wait}}}"#);
        let Outcome::Rejected(rejection) = send(429, &body) else {
            panic!("{wait} is not rejected")
        };
        assert_eq!(rejection.retry_after_s, seconds, "{wait}");
    }
}

#[test]
fn what_is_no_json_is_settled_and_what_may_become_some_is_not() {
    let mut reader = AnswerReader::<Accepted>::new();
    reader.status(200);
    reader.feed(br#"{"status""#);
    assert!(!reader.is_settled());
    reader.feed(b"}");
    assert!(reader.is_settled());
}

#[test]
fn only_an_answers_own_places_have_slots() {
    let (mut delivery, mut validation) = (Delivery::<8>::EMPTY, Validation::<8>::EMPTY);
    assert!(delivery.slot(Place::State, 1).is_some());
    assert!(delivery.slot(Place::Phone, 1).is_none());
    assert!(validation.slot(Place::Country, 1).is_some());
    assert!(validation.slot(Place::State, 1).is_none());
}
