//! Answers that both sides read, and one text for what they make of them.

use std::fmt::Write as _;

use xobito_core::{
    Accepted, Answer, AnswerReader, Captured, Delivery, End, Failure, Outcome, Retry, Validation,
};

/// What came back.
#[derive(Clone, Debug)]
pub struct Came {
    /// Which function prepares the reader: `message`, `status` or `validation`.
    pub what: &'static str,
    /// The status, if one came.
    pub status: Option<u16>,
    /// A `Retry-After` header.
    pub retry_after: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
    /// How it broke, if it did: C's name for it, the core's, and whether the request had left.
    pub failed: Option<(&'static str, Failure, bool)>,
}

/// The answers.
#[must_use]
#[allow(clippy::too_many_lines)] // A list.
pub fn all() -> Vec<Came> {
    let came = |what, status, body: &str| Came {
        what,
        status: Some(status),
        retry_after: None,
        body: body.as_bytes().to_vec(),
        failed: None,
    };
    let accepted = r#"{"status":"success","message":"Message sent successfully","data":{"message_id":"wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==","contact_id":451,"phone":"+14155551234","message":"Freezer 3: \u00fc \ud83e\uddca","status":"sent","sent_at":"2026-04-16T12:00:00.000000Z","chat_id":88,"contact_created":false}}"#;
    let fields = r#"{"status":"error","message":"Validation failed","errors":{"message_body":["The message body field is required.","Second."],"buttons.0.title":["The title must not be greater than 20 characters, and this sentence is far longer than what is kept."],"a":["1"],"b":["2"],"c":["3"]}}"#;
    let mut all = vec![
        came("message", 200, accepted),
        came(
            "message",
            200,
            r#"{"status":"success","data":{"whatsapp_response":{"messages":[{"id":"wamid.X"}]},"contact_created":true}}"#,
        ),
        came(
            "message",
            200,
            r#"{"status":"success","data":{"message_id":"..","chat_id":18446744073709551615}}"#,
        ),
        came(
            "message",
            200,
            &accepted.replace("wamid.", &"w".repeat(128)),
        ),
        came("message", 200, r#"{"status":"success","data":{}}"#),
        came("message", 200, r#"{"data":{"message_id":"wamid.X"}}"#),
        came("message", 200, &accepted[..accepted.len() - 1]),
        came("message", 200, "<html>"),
        came("message", 200, ""),
        came(
            "message",
            200,
            r#"{"status":"error","message":"Session not active \u2014 template required"}"#,
        ),
        came("message", 302, ""),
        came(
            "message",
            400,
            r#"{"status":"error","errors":"Invalid tenant subdomain"}"#,
        ),
        came(
            "message",
            401,
            r#"{"status":"error","message":"Invalid API token"}"#,
        ),
        came(
            "message",
            403,
            r#"{"status":"error","message":"Token does not have the required ability: messages.send"}"#,
        ),
        came(
            "message",
            404,
            r#"{"status":"error","message":"Template not found"}"#,
        ),
        came("message", 418, "teapot"),
        came("message", 422, fields),
        came(
            "message",
            422,
            r#"{"status":"error","message":"Message outside 24-hour window"}"#,
        ),
        came(
            "message",
            429,
            r#"{"message":"Too many requests","retry_after":45}"#,
        ),
        came("message", 429, r#"{"message":"Too many requests"}"#),
        came(
            "message",
            500,
            r#"{"status":"error","message":"Failed to send message"}"#,
        ),
        came("message", 502, "<html>bad gateway</html>"),
        came("message", 999, ""),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"message_id":"wamid.X","delivery_status":"delivered","error_message":null,"last_updated":"2026-04-16T12:00:02.000000Z"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"failed","error_message":"Message outside 24-hour window"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"failed","error_message":"Number not on WhatsApp"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"pending"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"sent"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"read"}}"#,
        ),
        came(
            "status",
            200,
            r#"{"status":"success","data":{"delivery_status":"teleported"}}"#,
        ),
        came("status", 200, r#"{"status":"success","data":{}}"#),
        came(
            "status",
            404,
            r#"{"status":"error","message":"Message not found"}"#,
        ),
        came("status", 503, ""),
        came(
            "validation",
            200,
            r#"{"status":"success","data":{"phone":"0041","phone_digits":"0041","format_valid":false,"country_code":null,"reason":"too short","note":"format only"}}"#,
        ),
        came(
            "validation",
            200,
            r#"{"status":"success","data":{"phone":"+41795550000","phone_digits":"41795550000","format_valid":true,"country_code":"41","country":"Switzerland","national_number":"795550000","e164":"+41795550000"}}"#,
        ),
        came("validation", 200, r#"{"status":"success","data":{}}"#),
        came("validation", 422, fields),
    ];
    for retry_after in ["17", " 5 ", "Wed, 21 Oct 2026 07:28:00 GMT"] {
        all.push(Came {
            retry_after: Some(retry_after),
            ..came("message", 429, "{}")
        });
    }
    for (name, failure) in [
        ("DNS", Failure::Dns),
        ("CONNECT", Failure::Connect),
        ("TLS", Failure::Tls),
        ("CERTIFICATE", Failure::Certificate),
        ("NO_TIME", Failure::NoTime),
        ("BUFFER", Failure::Buffer),
        ("TEXT_CHANGED", Failure::TextChanged),
        ("TIMED_OUT", Failure::TimedOut),
        ("CONNECTION_LOST", Failure::ConnectionLost),
        ("MALFORMED_HTTP", Failure::MalformedHttp),
    ] {
        for left in [false, true] {
            all.push(Came {
                status: None,
                failed: Some((name, failure, left)),
                ..came("message", 0, "")
            });
        }
    }
    for what in ["message", "status"] {
        all.push(Came {
            failed: Some(("TIMED_OUT", Failure::TimedOut, true)),
            ..came(what, 200, &accepted[..100])
        });
    }
    all
}

/// What the core makes of it, as a text that the C program makes, too.
#[must_use]
pub fn by_core(came: &Came) -> String {
    match came.what {
        "message" => told(&outcome::<Accepted>(came), accepted),
        "status" => told(&outcome::<Delivery>(came), delivery),
        _ => told(&outcome::<Validation>(came), validation),
    }
}

fn outcome<A: Answer>(came: &Came) -> Outcome<A> {
    let mut reader = AnswerReader::<A>::new();
    if let Some(status) = came.status {
        reader.status(status);
    }
    if let Some(value) = came.retry_after {
        reader.retry_after(value);
    }
    reader.feed(&came.body);
    let end = match came.failed {
        Some((_, failure, request_left)) => End::Failed {
            request_left,
            failure,
        },
        None => End::Complete,
    };
    reader.finish(end).cloned()
}

fn told<A: Answer>(outcome: &Outcome<A>, answer: impl Fn(&A) -> String) -> String {
    let (retry, after) = match outcome.retry() {
        Retry::Never => (0, 0),
        Retry::Now => (1, 0),
        Retry::After(wait) => (2, wait.as_secs()),
        Retry::IfDuplicateAcceptable => (3, 0),
    };
    let cause = outcome.cause().unwrap_or_default();
    let mut text = format!("retry={retry} after={after} cause={cause}");
    let _ = match outcome {
        Outcome::Accepted(accepted) => write!(text, " kind=1{}", answer(accepted)),
        Outcome::NotSent(_) => write!(text, " kind=3"),
        Outcome::Unknown(unknown) => {
            write!(text, " kind=4 http={}", unknown.status.unwrap_or_default())
        }
        Outcome::Rejected(rejection) => {
            let stated = u8::from(rejection.retry_after_s.is_some());
            let _ = write!(
                text,
                " kind=2 http={} stated={stated} message={} omitted={}",
                rejection.status,
                optional(rejection.message()),
                rejection.errors.omitted()
            );
            for error in &rejection.errors {
                let _ = write!(text, " ({}: {})", kept(&error.field), kept(&error.message));
            }
            Ok(())
        }
    };
    text
}

fn accepted(answer: &Accepted) -> String {
    format!(
        " id={} message={} phone={} status={} sent_at={} contact={} chat={} follow={} created={}",
        kept(&answer.message_id),
        optional(answer.message()),
        optional(answer.phone()),
        optional(answer.status()),
        optional(answer.sent_at()),
        answer
            .contact_id()
            .map_or("-".to_owned(), |id| id.to_string()),
        answer.chat_id().map_or("-".to_owned(), |id| id.to_string()),
        u8::from(answer.id().is_ok()),
        maybe(answer.contact_created())
    )
}

fn delivery(answer: &Delivery) -> String {
    format!(
        " state={} closed={} id={} error={} updated={}",
        answer.state().as_str(),
        u8::from(answer.window_closed()),
        optional(answer.message_id()),
        optional(answer.error()),
        optional(answer.last_updated())
    )
}

fn validation(answer: &Validation) -> String {
    format!(
        " valid={} phone={} digits={} code={} country={} national={} e164={} reason={} note={}",
        maybe(answer.format_valid()),
        optional(answer.phone()),
        optional(answer.phone_digits()),
        optional(answer.country_code()),
        optional(answer.country()),
        optional(answer.national_number()),
        optional(answer.e164()),
        optional(answer.reason()),
        optional(answer.note())
    )
}

fn kept<const N: usize>(text: &Captured<N>) -> String {
    let cut = if text.is_cut() { "..." } else { "" };
    format!("'{}'{cut}", text.as_str())
}

fn optional<const N: usize>(text: Option<&Captured<N>>) -> String {
    text.map_or("-".to_owned(), kept)
}

fn maybe(said: Option<bool>) -> u8 {
    said.map_or(0, |said| 1 + u8::from(said))
}
