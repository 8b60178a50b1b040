//! How an exchange ended, and the outcome that is asked for then.

use super::*;

#[test]
fn how_the_exchange_ended_counts_where_the_answer_does_not_settle_it() {
    let end = |status: Option<u16>, body: &str, request_left, failure| {
        let mut reader = AnswerReader::<Accepted>::new();
        if let Some(status) = status {
            reader.status(status);
        }
        reader.feed(body.as_bytes());
        let ended = reader.finish(End::Failed {
            request_left,
            failure,
        });
        ended.cloned()
    };
    assert_eq!(
        end(None, "", false, Failure::Dns),
        Outcome::NotSent(Failure::Dns)
    );
    for (status, body, failure, word, cause) in [
        (
            None,
            "",
            Failure::ConnectionLost,
            "unknown",
            "connection-lost",
        ),
        (None, "", Failure::TimedOut, "unknown", "timed-out"),
        (
            Some(200),
            "{\"sta",
            Failure::TimedOut,
            "unknown",
            "timed-out",
        ),
        (
            Some(200),
            "<html>",
            Failure::TimedOut,
            "unknown",
            "malformed-json",
        ),
        (
            Some(422),
            "{\"mess",
            Failure::ConnectionLost,
            "rejected",
            "validation",
        ),
        (
            Some(503),
            "",
            Failure::ConnectionLost,
            "unknown",
            "gateway-error",
        ),
    ] {
        let outcome = end(status, body, true, failure);
        assert_eq!(
            (outcome.word(), outcome.cause()),
            (word, Some(cause)),
            "{status:?} {body}"
        );
    }
    let whole = end(Some(200), SUCCESS, true, Failure::ConnectionLost);
    assert!(
        matches!(whole, Outcome::Accepted(_)),
        "the API took it, whatever broke afterwards"
    );
    let mut reader = AnswerReader::<Accepted>::new();
    let none = reader.finish(End::Complete);
    assert!(
        matches!(none, Outcome::Unknown(unknown) if unknown.cause == UnknownCause::Failed(Failure::MalformedHttp))
    );
}

#[test]
fn an_outcome_that_is_asked_for_again_is_the_same() {
    let refusal = r#"{"status":"error","message":"No.","retry_after":7,"errors":{"a":["b"]}}"#;
    for (status, body) in [
        (Some(200), SUCCESS),
        (Some(429), refusal),
        (Some(200), "{"),
        (None, ""),
    ] {
        let mut reader = AnswerReader::<Accepted>::new();
        if let Some(status) = status {
            reader.status(status);
        }
        reader.retry_after("60");
        reader.feed(body.as_bytes());
        let outcome = reader.finish(End::Complete).cloned();
        assert_eq!(outcome.as_ref(), reader.finish(End::Complete));
        reader.status(404);
        assert_eq!(
            reader.finish(End::Complete).cause(),
            Some("not-found"),
            "the last status counts, as ever"
        );
    }
}

#[test]
fn a_borrowed_outcome_says_what_an_owned_one_says() {
    fn check<A: Answer + PartialEq + core::fmt::Debug>(status: u16, body: &str) {
        let owned = read::<A>(status, body);
        let borrowed = owned.as_ref();
        assert_eq!(borrowed.cloned(), owned);
        assert_eq!(borrowed.retry(), owned.retry());
        assert_eq!(borrowed.cause(), owned.cause());
        assert_eq!(borrowed.to_string(), owned.to_string());
    }
    let refusal = r#"{"status":"error","message":"No.","retry_after":7,"errors":{"a":["b"]}}"#;
    for (status, body) in [(200, SUCCESS), (429, refusal), (502, ""), (0, "")] {
        check::<Accepted>(status, body);
        check::<Delivery>(status, body);
        check::<Validation>(status, body);
    }
    // What is unknown of a query may be asked again, what is unknown of a message may not.
    assert_eq!(read::<Delivery>(502, "").as_ref().retry(), Retry::Now);
    assert_eq!(read::<Validation>(502, "").retry(), Retry::Now);
    let lost = send(502, "");
    assert_eq!(lost.as_ref().retry(), Retry::IfDuplicateAcceptable);
}
