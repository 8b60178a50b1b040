//! What people read of core's values and errors, word by word. That no two say the same is a matter of `tests/properties`.

use core::fmt::{self, Display, Write};

use crate::message::{TextMessage, UrlMessage};
use crate::outbox::{Budget, EntryId};
use crate::outcome::FieldErrors;
use crate::{
    Accepted, Account, Answer, AnswerReader, BorrowedRequest, Captured, DEFAULT_HOST, Delivery,
    E164, End, Failure, Field, Kind, MessageId, Outcome, PhoneQuery, PhoneRequest, Request,
    RequestError, Text, TextChanged, Validation, WriteError, checked,
};

const TO: E164 = checked!(E164::new("+14155551234"));

fn outcome<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}

#[test]
fn values_are_shown_as_they_are_written() {
    let id = MessageId::new("wamid.A").unwrap();
    assert_eq!(
        [id.to_string(), TO.to_string(), EntryId(7).to_string()],
        ["wamid.A", "+14155551234", "7"]
    );
    assert_eq!(
        [Field::Header, Field::ContactEmail].map(|field| field.to_string()),
        ["header", "contact.email"]
    );
    let cut = Captured::<4>::from_text("Pump\n7");
    let whole = Captured::<8>::from_text("a\nb");
    assert_eq!([cut.to_string(), whole.to_string()], ["Pump…", "a\\u{a}b"]);
}

#[test]
fn a_text_that_was_cut_is_no_other_text() {
    let text = Captured::<4>::from_text;
    assert_eq!(text("Pump"), text("Pump"));
    assert_eq!(text("Pump 7"), text("Pump 8"), "nobody knows");
    assert_ne!(text("Pump"), text("Pump 7"));
    assert_ne!(text("Pump"), text("Pipe"));
    assert_ne!(text("Pump 7"), text("Pipe 7"));
}

/// Takes so many bytes, and no more.
struct Room(usize);

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn whoever_cannot_take_all_words_is_told() {
    let errors = r#"{"message":"No","errors":{"header":["Too long."]},"retry_after":7}"#;
    let valid = r#"{"status":"success","data":{"format_valid":false,"reason":"Too short"}}"#;
    let failed =
        r#"{"status":"success","data":{"delivery_status":"failed","error_message":"131047"}}"#;
    for words in [
        &outcome::<Accepted>(422, errors) as &dyn Display,
        &outcome::<Accepted>(502, ""),
        &outcome::<Delivery>(200, failed),
        &outcome::<Validation>(200, valid),
        &Captured::<4>::from_text("a\n7 b"),
        &Field::ContactEmail,
    ] {
        let len = words.to_string().len();
        for room in 0..len {
            assert!(write!(Room(room), "{words}").is_err(), "{words}");
        }
        assert!(write!(Room(len), "{words}").is_ok(), "{words}");
    }
}

#[test]
fn without_anything_kept_there_is_nothing_to_see() {
    assert_eq!(Captured::<4>::default().as_str(), "");
    let errors = FieldErrors::<8, 2>::default();
    assert!(errors.is_empty());
    assert_eq!(
        (errors.omitted(), format!("{errors:?}")),
        (0, "[]".to_owned())
    );
}

#[test]
fn errors_are_the_same_where_all_of_them_are() {
    let read = |errors: &str| {
        let mut reader = AnswerReader::<Accepted, 8, 1>::new();
        reader.status(422);
        reader.feed(errors.as_bytes());
        reader.finish(End::Complete).cloned()
    };
    let one = r#"{"errors":{"header":["No."]}}"#;
    let two = r#"{"errors":{"header":["No.","Really."]}}"#;
    let other = r#"{"errors":{"header":["Oh."]}}"#;
    assert_eq!(read(one), read(one));
    assert_ne!(read(one), read(two));
    assert_ne!(read(one), read(other));
}

#[test]
fn developers_see_what_a_value_holds() {
    let id = MessageId::new("wamid.A").unwrap();
    assert_eq!(format!("{id:?}"), "MessageId(\"wamid.A\")");
    assert!(format!("{TO:?}").contains("+14155551234"));
    let text = Request::<128>::new(&TextMessage::new(&TO, "Pump 7")).unwrap();
    let query = PhoneRequest::new(&PhoneQuery::new("0041").unwrap()).unwrap();
    assert!(format!("{text:?}").contains("Pump 7"));
    assert!(format!("{query:?}").contains("0041"));
    let cut = Captured::<4>::from_text("Pump 7");
    assert_eq!(format!("{cut:?}"), "\"Pump\"…");
    assert!(format!("{:?}", Text::from("Pump 7")).contains("Pump 7"));
    let mut reader = AnswerReader::<Accepted>::new();
    reader.status(418);
    assert!(format!("{reader:?}").contains("418"));
}

#[test]
fn errors_say_what_to_do_about_them() {
    let id = |id| MessageId::new(id).unwrap_err().to_string();
    assert_eq!(id(""), "a message id is not empty");
    assert!(id(&"x".repeat(129)).ends_with("128 bytes, this one has 129 or more"));
    assert!(
        Budget::new(6, 6)
            .unwrap_err()
            .to_string()
            .starts_with("a budget has a burst of at least 1")
    );
    let array = BorrowedRequest::from_parts(Kind::Send, b"[]").unwrap_err();
    assert!(array.to_string().contains("JSON object"), "{array}");
    let long = Request::<16>::new(&TextMessage::new(&TO, "x")).unwrap_err();
    let RequestError::BufferTooSmall { needed, .. } = long else {
        panic!("{long:?}")
    };
    assert_eq!(
        long.to_string(),
        format!("the request has {needed} bytes, its buffer 16")
    );
    let url = Request::<256>::new(&UrlMessage::new(&TO, "x", "Open", "ftp://x")).unwrap_err();
    assert!(url.to_string().starts_with("button_url: "), "{url}");
    assert!(TextChanged.to_string().starts_with("a text changed"));
    let writer = WriteError::Writer(TextChanged);
    assert_eq!(writer.to_string(), TextChanged.to_string());
    let account = Account::new(DEFAULT_HOST, "", "t").unwrap_err();
    assert!(account.to_string().starts_with("the subdomain must be"));
}

#[test]
fn an_outcome_is_one_sentence() {
    let accepted = outcome::<Accepted>(
        200,
        r#"{"status":"success","data":{"message_id":"wamid.A"}}"#,
    );
    assert_eq!(accepted.to_string(), "accepted as wamid.A");
    let failed =
        r#"{"status":"success","data":{"delivery_status":"failed","error_message":"131047"}}"#;
    assert_eq!(
        outcome::<Delivery>(200, failed).to_string(),
        "failed: 131047"
    );
    let sent = r#"{"status":"success","data":{"delivery_status":"sent"}}"#;
    assert_eq!(outcome::<Delivery>(200, sent).to_string(), "sent");
    for (format_valid, reason, said) in [
        (true, "null", "well formed"),
        (false, "\"Too short\"", "not well formed: Too short"),
    ] {
        let body = format!(
            r#"{{"status":"success","data":{{"format_valid":{format_valid},"reason":{reason}}}}}"#
        );
        assert_eq!(outcome::<Validation>(200, &body).to_string(), said);
    }
    let refused = outcome::<Accepted>(
        422,
        r#"{"message":"No","errors":{"header":["Too long."]},"retry_after":7}"#,
    );
    assert!(
        refused
            .to_string()
            .starts_with("rejected: validation failed (HTTP 422): No; header: Too long."),
        "{refused}"
    );
    assert!(!refused.to_string().contains("more"), "{refused}");
    let mut reader = AnswerReader::<Accepted, 64, 1>::new();
    reader.status(422);
    reader.feed(br#"{"errors":{"header":["Too long.","Really."],"footer":["Too long."]}}"#);
    let refused = reader.finish(End::Complete).to_string();
    assert!(
        refused.ends_with("; header: Too long.; and 2 more"),
        "{refused}"
    );
    let unnamed = outcome::<Accepted>(400, r#"{"errors":"Invalid tenant subdomain"}"#);
    assert_eq!(
        unnamed.to_string(),
        "rejected: bad request (HTTP 400); Invalid tenant subdomain"
    );
    let not_sent = Outcome::<Accepted>::failed(false, Failure::Dns);
    assert_eq!(
        not_sent.to_string(),
        "not sent: the host's name could not be resolved"
    );
    let lost = Outcome::<Accepted>::failed(true, Failure::TimedOut);
    assert_eq!(
        lost.to_string(),
        "unknown: the deadline passed after the request had left"
    );
    let gateway = outcome::<Accepted>(502, "<html>");
    assert!(gateway.to_string().ends_with("(HTTP 502)"), "{gateway}");
}
