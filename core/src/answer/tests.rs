mod ends;
mod places;
mod refusals;
mod texts;

use std::string::String;
use std::time::Duration;

use super::*;
use crate::json::reader::KEY_MAX;
use crate::outcome::{Failure, Outcome, Reason, Retry, UnknownCause};

/// The answer of the API's documentation.
const SUCCESS: &str = r#"{"status":"success","message":"Message sent successfully","data":{"message_id":"wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","contact_id":451,"phone":"+14155551234","message":"Pump \ud83d\udd25 7\/8","status":"sent","sent_at":"2026-04-16T12:00:00.000000Z","chat_id":88,"contact_created":false}}"#;

fn read<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::<A>::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}

fn send(status: u16, body: &str) -> Outcome<Accepted> {
    read(status, body)
}

#[test]
fn the_documented_success_is_accepted_with_all_its_fields() {
    let Outcome::Accepted(accepted) = send(200, SUCCESS) else {
        panic!("not accepted")
    };
    assert_eq!(
        accepted.message_id.as_str(),
        "wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"
    );
    assert_eq!(
        accepted.id().unwrap().as_str(),
        accepted.message_id.as_str()
    );
    assert_eq!(
        accepted.message().unwrap().as_str(),
        "Message sent successfully"
    );
    assert_eq!(accepted.contact_id(), Some(451));
    assert_eq!(accepted.phone().unwrap().as_str(), "+14155551234");
    assert_eq!(accepted.status().unwrap().as_str(), "sent");
    assert_eq!(
        accepted.sent_at().unwrap().as_str(),
        "2026-04-16T12:00:00.000000Z"
    );
    assert_eq!(accepted.chat_id(), Some(88));
    assert_eq!(accepted.contact_created(), Some(false));
}

#[test]
fn an_answer_cut_anywhere_is_unknown() {
    let step = if cfg!(miri) { 41 } else { 1 };
    for end in (0..SUCCESS.len()).step_by(step) {
        let outcome = send(200, &SUCCESS[..end]);
        assert_eq!(outcome.cause(), Some("malformed-json"), "cut at {end}");
        assert_eq!(outcome.retry(), Retry::IfDuplicateAcceptable);
    }
}

#[test]
fn each_row_of_the_table_has_its_outcome_and_cause() {
    let error = r#"{"status":"error","message":"Failed to send message"}"#;
    let html = "<html><body>502 Bad Gateway</body></html>";
    for (status, body, outcome, cause) in [
        (200, error, "rejected", "api-error"),
        (
            200,
            r#"{"status":"success","data":{}}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"status":"success","data":{"message_id":""}}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"status":"success","data":{"message_id":null}}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"status":"success","data":{"message_id":7}}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"status":"success","data":[{"message_id":"x"}]}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"status":"success","message_id":"x"}"#,
            "unknown",
            "missing-id",
        ),
        (
            200,
            r#"{"data":{"message_id":"x"}}"#,
            "unknown",
            "missing-status",
        ),
        (
            200,
            r#"{"data":{"message_id":"x","status":"success"}}"#,
            "unknown",
            "missing-status",
        ),
        (200, "", "unknown", "malformed-json"),
        (204, "", "unknown", "malformed-json"),
        (200, html, "unknown", "malformed-json"),
        (302, html, "rejected", "redirected"),
        (
            400,
            r#"{"errors":"Invalid tenant subdomain"}"#,
            "rejected",
            "bad-request",
        ),
        (
            401,
            r#"{"status":"error","message":"Invalid API token"}"#,
            "rejected",
            "token",
        ),
        (403, "", "rejected", "ability"),
        (404, html, "rejected", "not-found"),
        (422, "{", "rejected", "validation"),
        (
            429,
            r#"{"message":"Too many requests","retry_after":45}"#,
            "rejected",
            "rate-limited",
        ),
        (418, error, "rejected", "refused"),
        (500, error, "rejected", "server-error"),
        (
            500,
            r#"{"message":"Server Error"}"#,
            "unknown",
            "gateway-error",
        ),
        (500, &error[..error.len() - 1], "unknown", "gateway-error"),
        (502, html, "unknown", "gateway-error"),
        (503, "", "unknown", "gateway-error"),
        (100, "", "unknown", "malformed-http"),
        (999, "", "unknown", "malformed-http"),
    ] {
        let actual = send(status, body);
        assert_eq!(
            (actual.word(), actual.cause()),
            (outcome, Some(cause)),
            "{status} {body}"
        );
    }
}

#[test]
fn an_id_in_either_place_counts_and_its_own_place_comes_first() {
    for (data, id) in [
        (
            r#"{"whatsapp_response":{"messages":[{"id":"new"}]}}"#,
            "new",
        ),
        (
            r#"{"whatsapp_response":{"messages":[{"id":"new"},{"id":"second"}]}}"#,
            "new",
        ),
        (
            r#"{"message_id":"own","whatsapp_response":{"messages":[{"id":"new"}]}}"#,
            "own",
        ),
        (
            r#"{"whatsapp_response":{"messages":[{"id":"new"}]},"message_id":"own"}"#,
            "own",
        ),
        (
            r#"{"whatsapp_response":{"messages":[{"id":"new"}]},"message_id":""}"#,
            "new",
        ),
        (
            r#"{"message_id":null,"whatsapp_response":{"messages":[{"x":{"id":"no"},"id":"new"}]}}"#,
            "new",
        ),
        (
            r#"{"whatsapp_response":{"messages":[{"id":"a"}],"messages":[{"id":"b","id":"c"}]}}"#,
            "c",
        ),
        (r#"{"message_id":"a","message_id":"b"}"#, "b"),
    ] {
        let Outcome::Accepted(accepted) =
            send(200, &format!(r#"{{"status":"success","data":{data}}}"#))
        else {
            panic!("not accepted: {data}")
        };
        assert_eq!(accepted.message_id.as_str(), id, "{data}");
    }
    for data in [
        r#"{"whatsapp_response":{"messages":[null,{"id":"second"}]}}"#,
        r#"{"whatsapp_response":{"messages":[[{"id":"deep"}]]}}"#,
        r#"{"whatsapp_response":{"messages":{"id":"object"}}}"#,
        r#"{"whatsapp_response":[{"messages":[{"id":"x"}]}]}"#,
        r#"{"messages":[{"id":"x"}]}"#,
    ] {
        let outcome = send(200, &format!(r#"{{"status":"success","data":{data}}}"#));
        assert_eq!(outcome.cause(), Some("missing-id"), "{data}");
    }
}

#[test]
fn a_value_of_another_kind_is_none() {
    let read = |members: &str| {
        let data = format!(r#"{{"status":"success","data":{{"message_id":"x",{members}}}}}"#);
        let Outcome::Accepted(accepted) = send(200, &data) else {
            panic!("not accepted: {data}")
        };
        accepted
    };
    for (number, id) in [
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("184467440737095516150", None),
        ("0", Some(0)),
        ("-1", None),
        ("1.0", None),
        ("1e2", None),
        (r#""451""#, None),
        ("true", None),
        ("null", None),
        ("[451]", None),
        ("{}", None),
    ] {
        let accepted = read(&format!(r#""contact_id":7,"contact_id":{number}"#));
        assert_eq!(accepted.contact_id(), id, "{number}");
    }
    for value in ["1", r#""true""#, "null", "{}", "[true]"] {
        let accepted = read(&format!(
            r#""contact_created":true,"contact_created":{value}"#
        ));
        assert_eq!(accepted.contact_created(), None, "{value}");
        let accepted = read(&format!(
            r#""contact_created":{value},"contact_created":true"#
        ));
        assert_eq!(accepted.contact_created(), Some(true), "{value}");
    }
    for value in ["1", "true", "null", "{}", r#"["+1"]"#] {
        let accepted = read(&format!(r#""phone":"+1","phone":{value}"#));
        assert_eq!(accepted.phone(), None, "{value}");
    }
    assert_eq!(read(r#""phone":"""#).phone().unwrap().as_str(), "");
    for id in ["7", "true", r#"{"id":"y"}"#] {
        let other =
            format!(r#""whatsapp_response":{{"messages":[{{"id":"y"}}]}},"message_id":{id}"#);
        let data = format!(r#"{{"status":"success","data":{{{other}}}}}"#);
        let Outcome::Accepted(accepted) = send(200, &data) else {
            panic!("not accepted: {data}")
        };
        assert_eq!(accepted.message_id.as_str(), "y", "{id}");
    }
}

#[test]
fn of_two_equal_members_the_last_counts_with_all_that_it_says() {
    let body = r#"{"status":"success","data":{"delivery_status":"failed","error_message":"24-hour","error_message":"other"}}"#;
    let Outcome::Accepted(delivery) = read::<Delivery>(200, body) else {
        panic!("not answered")
    };
    assert_eq!(delivery.error().unwrap().as_str(), "other");
    assert!(!delivery.window_closed());
    let body = r#"{"status":"success","data":{"message_id":"a","phone":"+1","contact_id":7},"data":{"message_id":"b"}}"#;
    let Outcome::Accepted(accepted) = send(200, body) else {
        panic!("not accepted")
    };
    assert_eq!(accepted.message_id.as_str(), "b");
    assert_eq!((accepted.phone(), accepted.contact_id()), (None, None));
}

#[test]
fn no_member_has_a_name_that_a_cut_key_could_be() {
    use super::sealed::Fields;
    use crate::json::reader::KEY_MAX;
    let members = [
        Accepted::<8>::MEMBERS,
        Delivery::<8>::MEMBERS,
        Validation::<8>::MEMBERS,
    ];
    for member in members.into_iter().flatten() {
        assert!(member.0.len() < KEY_MAX, "{}", member.0);
    }
}

#[test]
fn a_delivery_is_read() {
    let body = r#"{"status":"success","data":{"message_id":"foreign","delivery_status":"failed","error_message":"Message outside 24-hour window","source":"chat","last_updated":"2026-04-16T12:00:00.000000Z","statuses":{"sent":"x","delivered":null,"read":null,"failed":"y","pending":"z"}}}"#;
    let Outcome::Accepted(delivery) = read::<Delivery>(200, body) else {
        panic!("not answered")
    };
    assert_eq!(delivery.state(), DeliveryState::Failed);
    assert_eq!(delivery.message_id().unwrap().as_str(), "foreign");
    assert_eq!(
        delivery.error().unwrap().as_str(),
        "Message outside 24-hour window"
    );
    assert_eq!(
        delivery.last_updated().unwrap().as_str(),
        "2026-04-16T12:00:00.000000Z"
    );
    assert!(delivery.window_closed());
    for (word, state) in [
        ("pending", DeliveryState::Pending),
        ("sent", DeliveryState::Sent),
        ("delivered", DeliveryState::Delivered),
        ("read", DeliveryState::Read),
        ("queued", DeliveryState::Other),
        ("a very long word that nobody knows", DeliveryState::Other),
    ] {
        let body = format!(
            r#"{{"status":"success","data":{{"delivery_status":"{word}","error_message":null}}}}"#
        );
        let Outcome::Accepted(delivery) = read::<Delivery>(200, &body) else {
            panic!("not answered")
        };
        assert_eq!(
            (delivery.state(), delivery.error()),
            (state, None),
            "{word}"
        );
    }
    assert_eq!(
        read::<Delivery>(200, r#"{"status":"success","data":{}}"#).cause(),
        Some("missing-field")
    );
    assert_eq!(
        read::<Delivery>(404, "").cause(),
        Some("not-found"),
        "never failed"
    );
}

#[test]
fn a_null_takes_back_what_stood_before_it() {
    let own = r#""message_id":"wamid.A","phone":"+1","status":"sent","sent_at":"now","message_id":null,"phone":null,"status":null,"sent_at":null,"#;
    let body = |own| {
        format!(
            r#"{{"status":"success","data":{{{own}"whatsapp_response":{{"messages":[{{"id":"wamid.B"}}]}}}}}}"#
        )
    };
    assert!(matches!(send(200, &body("")), Outcome::Accepted(_)));
    assert_eq!(send(200, &body(own)), send(200, &body("")));

    let texts = r#""phone":"1","phone_digits":"1","country_code":"1","country":"US","national_number":"1","e164":"+1","reason":"r","note":"n""#;
    let nulls = r#""phone":null,"phone_digits":null,"country_code":null,"country":null,"national_number":null,"e164":null,"reason":null,"note":null"#;
    let body = |members: &str| {
        format!(r#"{{"status":"success","data":{{"format_valid":true,{members}}}}}"#)
    };
    let both = format!("{texts},{nulls}");
    assert_eq!(
        read::<Validation>(200, &body(&both)),
        read(200, &body(nulls))
    );
    let back = format!("{nulls},{texts}");
    assert_eq!(
        read::<Validation>(200, &body(&back)),
        read(200, &body(texts))
    );
}

#[test]
fn a_validation_is_read() {
    let body = r#"{"status":"success","data":{"phone":"0041","phone_digits":"0041","format_valid":false,"country_code":null,"country":"Switzerland","national_number":"","e164":null,"reason":"Too short","note":"format only"}}"#;
    let Outcome::Accepted(validation) = read::<Validation>(200, body) else {
        panic!("not answered")
    };
    assert_eq!(validation.format_valid(), Some(false));
    assert_eq!(validation.phone().unwrap().as_str(), "0041");
    assert_eq!(validation.country().unwrap().as_str(), "Switzerland");
    assert_eq!(validation.national_number().unwrap().as_str(), "");
    assert_eq!((validation.country_code(), validation.e164()), (None, None));
    assert_eq!(validation.reason().unwrap().as_str(), "Too short");
    assert_eq!(
        read::<Validation>(200, r#"{"status":"success","data":{}}"#).cause(),
        Some("missing-field")
    );
}

#[test]
#[cfg_attr(miri, ignore = "it would take Miri too long")]
fn a_large_answer_needs_no_more_memory_than_a_small_one() {
    let emoji = r"\ud83d\udd25".repeat(4096);
    let body = SUCCESS.replace(r"Pump \ud83d\udd25 7\/8", &emoji);
    assert!(body.len() > 49_000);
    assert!(matches!(send(200, &body), Outcome::Accepted(_)));
    for size in [
        size_of::<AnswerReader<Accepted>>(),
        size_of::<AnswerReader<Delivery>>(),
        size_of::<AnswerReader<Validation>>(),
    ] {
        assert!(size < 1024, "{size} bytes of state");
    }
}
