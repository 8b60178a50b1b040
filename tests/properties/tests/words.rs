//! What people read: every error, outcome and value says itself in words, and nobody's secret is among them.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};

use serde::de::IntoDeserializer;
use serde::de::value::{Error as DeserializeError, StrDeserializer};
use serde::{Deserialize, Serialize};
use xobito_core::message::{Contact, TemplateMessage, TextMessage, UrlMessage};
use xobito_core::outbox::{Budget, Config, EnqueueError, Priority, RestoreError};
use xobito_core::settings::Settings;
use xobito_core::{
    Accepted, Account, Answer, AnswerReader, BorrowedRequest, Captured, Delivery, E164, End,
    Endpoint, Failure, Field, InvalidMessage, InvalidMessageId, Kind, Message, MessageId, Outcome,
    Piece, Reason, Request, RequestError, Streamed, Text, TextChanged, UnknownCause, Validation,
    Warning, WriteError, checked, encode,
};

const TO: E164 = checked!(E164::new("+14155551234"));

/// Each has words, and no two have the same.
fn all_differ<T: Display>(all: &[T]) {
    let words: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), all.len(), "{words:?}");
    assert!(words.iter().all(|words| words.len() > 4), "{words:?}");
}

fn outcome<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::default();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}

#[test]
fn every_failure_and_cause_has_its_words() {
    let failures = [
        Failure::Dns,
        Failure::Connect,
        Failure::Tls,
        Failure::Certificate,
        Failure::NoTime,
        Failure::Buffer,
        Failure::TextChanged,
        Failure::TimedOut,
        Failure::ConnectionLost,
        Failure::MalformedHttp,
    ];
    all_differ(&failures);
    all_differ(&[
        UnknownCause::Failed(Failure::Dns),
        UnknownCause::MalformedJson,
        UnknownCause::MissingStatus,
        UnknownCause::MissingId,
        UnknownCause::MissingField,
        UnknownCause::Gateway,
    ]);
    all_differ(&[
        Reason::ApiError,
        Reason::BadRequest,
        Reason::Token,
        Reason::Ability,
        Reason::NotFound,
        Reason::Validation,
        Reason::WindowClosed,
        Reason::RateLimited,
        Reason::Refused,
        Reason::Redirected,
        Reason::Server,
    ]);
    let lost = Outcome::<Accepted>::failed(false, Failure::Dns);
    assert_eq!(
        lost.to_string(),
        "not sent: the host's name could not be resolved"
    );
    assert_eq!((lost.word(), lost.cause()), ("not-sent", Some("dns")));
    let value = serde_json::to_value(&lost).unwrap();
    assert_eq!(
        value,
        serde_json::json!({"outcome": "not-sent", "cause": "dns"})
    );
    let cut = Outcome::<Accepted>::failed(true, Failure::ConnectionLost);
    assert_eq!(
        cut.to_string(),
        "unknown: the connection broke after the request had left"
    );
}

#[test]
fn an_outcome_says_what_the_answer_said() {
    let success = r#"{"status":"success","message":"Sent","data":{"message_id":"wamid.A"}}"#;
    assert_eq!(
        outcome::<Accepted>(200, success).to_string(),
        "accepted as wamid.A"
    );
    assert_eq!(outcome::<Accepted>(200, success).cause(), None);
    let refusal = r#"{"message":"No","retry_after":7,"errors":{"header":["a","b","c","d","e"]}}"#;
    assert_eq!(
        outcome::<Accepted>(422, refusal).to_string(),
        "rejected: validation failed (HTTP 422): No; header: a; header: b; header: c; header: d; and 1 more; try again in 7 s"
    );
    let bare = outcome::<Accepted>(400, r#"{"errors":"Invalid tenant subdomain"}"#);
    assert_eq!(
        bare.to_string(),
        "rejected: bad request (HTTP 400); Invalid tenant subdomain"
    );
    let gateway = outcome::<Accepted>(502, "<html>");
    let words = "unknown: a gateway's error instead of the API's answer (HTTP 502)";
    assert_eq!(gateway.to_string(), words);

    let status = |state: &str, error: &str| {
        outcome::<Delivery>(
            200,
            &format!(r#"{{"status":"success","data":{{"delivery_status":"{state}","error_message":{error}}}}}"#),
        )
        .to_string()
    };
    assert_eq!(status("pending", "null"), "pending");
    assert_eq!(status("read", "null"), "read");
    assert_eq!(status("sent", "null"), "sent");
    assert_eq!(
        status("failed", r#""Number not on WhatsApp""#),
        "failed: Number not on WhatsApp"
    );
    let check = |data: &str| {
        outcome::<Validation>(200, &format!(r#"{{"status":"success","data":{data}}}"#)).to_string()
    };
    assert_eq!(check(r#"{"format_valid":true}"#), "well formed");
    assert_eq!(
        check(r#"{"format_valid":false,"reason":"too short"}"#),
        "not well formed: too short"
    );
}

#[test]
fn a_text_of_a_server_shows_where_it_was_cut() {
    let cut = Captured::<4>::from_text("freezer");
    assert_eq!(
        (cut.to_string().as_str(), format!("{cut:?}").as_str()),
        ("free…", "\"free\"…")
    );
    let whole = Captured::<8>::from_text("pump\n");
    assert_eq!(
        (whole.to_string().as_str(), format!("{whole:?}").as_str()),
        ("pump\\u{a}", "\"pump\\n\"")
    );
    assert_eq!(whole.as_str(), "pump\n");
}

#[test]
fn every_broken_rule_names_its_field() {
    let field = Field::ButtonTitle(1);
    let broken = [
        InvalidMessage::Empty { field },
        InvalidMessage::TooShort {
            field,
            limit: 3,
            actual: 2,
        },
        InvalidMessage::TooLong {
            field,
            limit: 3,
            actual: 4,
        },
        InvalidMessage::TooMany {
            field,
            limit: 3,
            actual: 4,
        },
        InvalidMessage::Duplicate { field },
        InvalidMessage::SpaceAtEdge { field },
        InvalidMessage::Url { field, position: 4 },
        InvalidMessage::TemplateValue { field },
        InvalidMessage::Unformattable { field },
    ];
    all_differ(&broken);
    for error in broken {
        assert_eq!(error.field(), field);
        assert!(
            error.to_string().starts_with("buttons.1.title: "),
            "{error}"
        );
        assert_eq!(RequestError::from(error).to_string(), error.to_string());
    }
    assert_eq!(Field::ContactGroups.to_string(), "contact.groups");
    assert_eq!(
        serde_json::to_value(Field::ContactEmail).unwrap(),
        "contact.email"
    );
    assert_eq!(
        serde_json::to_value(Field::MessageBody).unwrap(),
        "message_body"
    );
    let warning = Warning::InteractiveBodyLength { characters: 1025 };
    assert!(warning.to_string().contains("1025 characters"));
}

#[test]
fn other_errors_have_words_too() {
    let id = |text: &str| MessageId::new(text).unwrap_err();
    all_differ(&[id(""), id(".."), id("a\n"), id(&"a".repeat(129))]);
    let too_long = InvalidMessageId::TooLong { bytes: 129 };
    assert_eq!("x".repeat(129).parse::<MessageId>(), Err(too_long));
    all_differ(&[
        RestoreError::NoSuchSlot { slots: 3 },
        RestoreError::NoSuchEntry,
        RestoreError::Taken,
        RestoreError::Twice,
        RestoreError::TooLarge {
            capacity: 128,
            needed: 129,
        },
        RestoreError::NotAnObject,
    ]);
    all_differ(&[
        EnqueueError::TooLarge {
            capacity: 128,
            needed: 129,
        },
        EnqueueError::Full { slots: 3 },
        EnqueueError::NotATemplate,
        EnqueueError::IdsExhausted,
    ]);
    let not_an_object = BorrowedRequest::from_parts(Kind::Send, b"[]").unwrap_err();
    assert_eq!(
        not_an_object.to_string(),
        "the body of a request is a JSON object"
    );
    let budget = Budget::new(1, 0).unwrap_err();
    assert!(budget.to_string().contains("at least 1"));
    assert_eq!(Config::default(), Config::DEFAULT);
    all_differ(&[
        WriteError::Writer(TextChanged).to_string(),
        WriteError::<TextChanged>::EmptyBuffer.to_string(),
        WriteError::<TextChanged>::NothingTaken.to_string(),
    ]);
    assert_eq!(
        WriteError::<TextChanged>::TextChanged.to_string(),
        TextChanged.to_string()
    );
    let settings = |document: &str| Settings::from_json(document.as_bytes()).unwrap_err();
    let with = |host: &str, to: &str| {
        settings(&format!(
            r#"{{"host":"{host}","subdomain":"acme","token":"t","recipient":"{to}"}}"#
        ))
    };
    all_differ(&[
        settings("["),
        settings("[]"),
        with("-", "+14155551234"),
        with("host", "1"),
    ]);
    let request = Request::<64>::new(&TextMessage::new(&TO, "Freezer 3 is open"));
    assert_eq!(
        request.unwrap_err().to_string(),
        "the request has 88 bytes, its buffer 64"
    );
}

#[test]
fn values_are_read_back_from_their_words() {
    fn back<'de, T: Deserialize<'de> + Debug>(text: &'de str) -> Result<T, DeserializeError> {
        let text: StrDeserializer<'de, DeserializeError> = text.into_deserializer();
        T::deserialize(text)
    }
    assert_eq!(back::<E164>("+14155551234").unwrap(), TO);
    assert!(back::<E164>("14155551234").is_err());
    let id: MessageId = "wamid.A".parse().unwrap();
    assert_eq!(back::<MessageId>("wamid.A").unwrap(), id);
    assert!(back::<MessageId>("").is_err());
    assert_eq!(
        (format!("{id:>9}"), format!("{id:?}")),
        ("  wamid.A".into(), "MessageId(\"wamid.A\")".into())
    );
    assert_eq!(
        (format!("{TO:<14}|"), format!("{TO:?}")),
        ("+14155551234  |".into(), "E164(+14155551234)".into())
    );
    let wrong = serde_json::from_str::<MessageId>("7")
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("a text"), "{wrong}");
    assert_eq!(serde_json::to_value(TO).unwrap(), "+14155551234");
    for priority in [
        Priority::Low,
        Priority::Normal,
        Priority::High,
        Priority::Urgent,
    ] {
        assert_eq!(Priority::from_level(priority.level()), Some(priority));
    }
    assert_eq!(Priority::from_level(4), None);
}

#[test]
fn secrets_are_not_in_any_words() {
    let account = Account::new("host", "acme", "s3cret").unwrap();
    assert!(!format!("{account:?}").contains("s3cret"));
    assert_eq!(account.host().to_string(), "host");
    let document = br#"{"subdomain":"acme","token":"s3cret","recipient":"+14155551234"}"#;
    assert!(!format!("{:?}", Settings::from_json(document).unwrap()).contains("s3cret"));
}

#[test]
fn a_message_tells_its_kind_its_endpoint_and_its_warning_however_it_is_encoded() {
    fn holds<M: Message + Serialize>(message: &M, kind: Kind, warning: Option<Warning>) {
        let owned = Request::<4096>::new(message).unwrap();
        let mut buffer = [0; 4096];
        let borrowed = encode(message, &mut buffer).unwrap();
        let streamed = Streamed::new(message).unwrap();
        assert_eq!([owned.kind(), borrowed.kind(), streamed.kind()], [kind; 3]);
        let endpoint = kind.endpoint();
        assert_eq!(
            [owned.endpoint(), borrowed.endpoint(), streamed.endpoint()],
            [endpoint; 3]
        );
        assert_eq!(
            [owned.warning(), borrowed.warning(), streamed.warning()],
            [warning; 3]
        );
        let body = std::str::from_utf8(owned.body()).unwrap();
        assert_eq!(borrowed.body(), body.as_bytes());
        assert!(format!("{owned:?}").contains(&format!("{body:?}")));
        assert_eq!(owned, owned.clone());
    }
    holds(&TextMessage::new(&TO, "Pump 7"), Kind::Send, None);
    holds(
        &TemplateMessage::new(&TO, "alert", "en"),
        Kind::Template,
        None,
    );
    let body = "é".repeat(1025);
    let ada = Contact {
        firstname: Some("Ada"),
        ..Contact::default()
    };
    let long = UrlMessage::new(&TO, body.as_str(), "Open", "https://plant.example").footer("7");
    let long = long.contact(&ada);
    let warning = Warning::InteractiveBodyLength { characters: 1025 };
    holds(&long.header("Plant"), Kind::Send, Some(warning));
    assert_eq!(Kind::Media.endpoint(), Endpoint::Media);
}

#[test]
fn a_text_shows_what_it_will_say() {
    let pieces = [Piece::Str("Pump "), Piece::Int(-7)];
    assert_eq!(format!("{:?}", Text::from(&pieces[..])), "Text(Pump -7)");
    let texts = [Text::from(-7_i32), Text::from(7_u32), Text::from("7")];
    let values: Vec<_> = texts
        .iter()
        .map(|text| serde_json::to_value(text).unwrap())
        .collect();
    assert_eq!(values, ["-7", "7", "7"]);
    let mut reader = AnswerReader::<Accepted>::new();
    assert!(format!("{reader:?}").contains("status"));
    reader.feed(b"{");
    assert!(!reader.is_settled());
    reader.feed(b"]");
    assert!(reader.is_settled());
}

#[test]
fn what_a_serializer_cannot_take_is_an_error() {
    fn holds(value: &impl Serialize) {
        let whole = serde_json::to_string(value).unwrap();
        let mut room = vec![0; whole.len()];
        for size in 0..whole.len() {
            assert!(
                serde_json_core::to_slice(value, &mut room[..size]).is_err(),
                "{size} bytes for {whole}"
            );
        }
        assert_eq!(serde_json_core::to_slice(value, &mut room), Ok(whole.len()));
    }
    let contact = Contact {
        firstname: Some("Ada"),
        assigned_id: Some(7),
        ..Contact::default()
    };
    holds(&TextMessage::new(&TO, "Pump 7 is hot").contact(&contact));
    holds(&outcome::<Accepted>(
        422,
        r#"{"message":"Validation failed","errors":{"message_body":["Too long."],"header":["No."]}}"#,
    ));
    holds(&outcome::<Accepted>(
        200,
        r#"{"status":"success","data":{"message_id":"wamid.A","chat_id":7}}"#,
    ));
}
