//! What a refusal says: its errors, its wait, the closed window.

use super::*;

#[test]
fn field_errors_come_with_their_fields() {
    let body = r#"{"status":"error","message":"Validation failed","errors":{"message_body":["Too long.","Really."],"buttons.0.title":["Required."]}}"#;
    let Outcome::Rejected(rejection) = send(422, body) else {
        panic!("not rejected")
    };
    assert_eq!(rejection.reason, Reason::Validation);
    assert_eq!(rejection.message().unwrap().as_str(), "Validation failed");
    let errors: Vec<_> = rejection
        .errors
        .iter()
        .map(|error| (error.field.as_str(), error.message.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            ("message_body", "Too long."),
            ("message_body", "Really."),
            ("buttons.0.title", "Required.")
        ]
    );
    assert_eq!(
        rejection.to_string(),
        "validation failed (HTTP 422): Validation failed; message_body: Too long.; message_body: Really.; \
         buttons.0.title: Required."
    );
}

#[test]
fn field_errors_that_do_not_fit_are_counted_and_not_mixed_up() {
    let body = r#"{"errors":{"a":["1","2"],"b":["3","4","5"],"c":"6"}}"#;
    let Outcome::Rejected(rejection) = send(422, body) else {
        panic!("not rejected")
    };
    let kept: String = rejection
        .errors
        .iter()
        .map(|error| error.message.as_str())
        .collect();
    assert_eq!((kept.as_str(), rejection.errors.omitted()), ("1234", 2));
}

#[test]
fn the_wait_is_read_in_every_form_and_the_body_comes_before_the_header() {
    let wait = |body: &str, header: Option<&str>| {
        let mut reader = AnswerReader::<Accepted>::new();
        reader.status(429);
        if let Some(header) = header {
            reader.retry_after(header);
        }
        reader.feed(body.as_bytes());
        let Outcome::Rejected(rejection) = reader.finish(End::Complete) else {
            panic!("not rejected")
        };
        rejection.retry_after_s
    };
    for (body, header, seconds) in [
        (r#"{"retry_after":45}"#, None, Some(45)),
        (r#"{"retry_after":"45"}"#, None, Some(45)),
        (r#"{"retry_after":44.2}"#, None, Some(45)),
        (r#"{"retry_after":45.0}"#, None, Some(45)),
        (r#"{"retry_after":45}"#, Some("7"), Some(45)),
        (r#"{"retry_after":null}"#, Some("7"), Some(7)),
        (r#"{"retry_after":-3}"#, Some("7"), Some(7)),
        (r#"{"retry_after":"soon"}"#, Some(" 7 "), Some(7)),
        ("<html>", Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
        (
            r#"{"retry_after":99999999999999999999}"#,
            None,
            Some(u32::MAX),
        ),
        (r#"{"retry_after":4"#, Some("3600"), Some(3600)),
        ("{}", None, None),
    ] {
        assert_eq!(wait(body, header), seconds, "{body} {header:?}");
    }
}

#[test]
fn a_wait_that_broke_off_is_none() {
    for (body, seconds) in [
        (r#"{"retry_after":4"#, None),
        (r#"{"retry_after":"4"#, None),
        (r#"{"retry_after":45"#, None),
        (r#"{"retry_after":45 "#, Some(45)),
        (r#"{"retry_after":"45""#, Some(45)),
        (r#"{"retry_after":45,"#, Some(45)),
        (r#"{"retry_after":45}, and no JSON"#, Some(45)),
        (r#"{"retry_after":45,"message":"cut o"#, Some(45)),
        (r#"{"retry_after":45,"mes"#, Some(45)),
        (r#"{"retry_after":"45","mes"#, Some(45)),
        (r#"{"retry_after":45,}"#, Some(45)),
        (r#"{"retry_after":45,"a\x":1}"#, Some(45)),
        (r#"{"retry_after":45,"x":z"#, Some(45)),
        (r#"{"retry_after":01"#, None),
        (r#"{"retry_after":45,"contact_id":4"#, Some(45)),
        (r#"{"retry_after":45,"retry_after":{"#, None),
    ] {
        let Outcome::Rejected(rejection) = send(429, body) else {
            panic!("not rejected")
        };
        assert_eq!(rejection.retry_after_s, seconds, "{body}");
    }
}

#[test]
fn retry_tells_when_the_same_request_may_be_made_again() {
    let after = |seconds| Retry::After(Duration::from_secs(seconds));
    assert_eq!(send(200, SUCCESS).retry(), Retry::Never);
    assert_eq!(send(429, r#"{"retry_after":45}"#).retry(), after(45));
    assert_eq!(send(429, "").retry(), after(60));
    assert_eq!(send(429, r#"{"retry_after":3601}"#).retry(), after(3600));
    for status in [408, 421, 425] {
        assert_eq!(send(status, "").retry(), after(30), "{status}");
    }
    assert_eq!(
        send(408, r#"{"message":"Template required"}"#).retry(),
        Retry::Never
    );
    assert_eq!(send(409, "").retry(), Retry::Never);
    assert_eq!(send(500, r#"{"status":"error"}"#).retry(), after(30));
    assert_eq!(send(422, "").retry(), Retry::Never);
    assert_eq!(send(502, "").retry(), Retry::IfDuplicateAcceptable);
    assert_eq!(
        read::<Delivery>(502, "").retry(),
        Retry::Now,
        "asking again does no harm"
    );
    assert_eq!(
        Outcome::<Accepted>::failed(false, Failure::Connect).retry(),
        Retry::Now
    );
    assert_eq!(
        Outcome::<Accepted>::failed(false, Failure::Buffer).retry(),
        Retry::Never
    );
    assert_eq!(
        Outcome::<Accepted>::failed(true, Failure::TimedOut).retry(),
        Retry::IfDuplicateAcceptable
    );
}

#[test]
#[cfg_attr(miri, ignore = "it would take Miri too long")]
fn errors_beyond_the_room_are_counted_as_far_as_can_be_told() {
    for (errors, omitted) in [(65_536, 65_532), (65_539, 65_535), (70_000, 65_535)] {
        let body = format!(r#"{{"errors":[{}""]}}"#, r#""","#.repeat(errors - 1));
        let Outcome::Rejected(rejection) = send(422, &body) else {
            panic!("not rejected")
        };
        assert_eq!(usize::from(rejection.errors.omitted()), omitted, "{errors}");
    }
}

#[test]
fn a_closed_window_is_recognised_wherever_it_is_told() {
    for (status, body) in [
        (422, r#"{"message":"Message outside 24-hour window"}"#),
        // What the status says besides is no matter where HTTP says that it is a refusal.
        (
            422,
            r#"{"status":"success","message":"Message outside 24-hour window"}"#,
        ),
        (
            422,
            r#"{"errors":{"phone_number":["Session not active \u2014 template required"]}}"#,
        ),
        (400, r#"{"errors":"(#131047) Re-engagement message"}"#),
        (200, r#"{"status":"error","message":"template required"}"#),
        (
            200,
            r#"{"status":"success","message":"template required","status":"error"}"#,
        ),
        (500, r#"{"status":"error","message":"131047"}"#),
    ] {
        assert_eq!(
            send(status, body).cause(),
            Some("window-closed"),
            "{status} {body}"
        );
    }
    for before in TEXT - 10..TEXT + 4 {
        let message = format!(r#"{{"message":"{}24-hour"}}"#, "x".repeat(before));
        let cause = send(422, &message);
        assert_eq!(
            cause.cause(),
            Some("window-closed"),
            "{before} bytes before"
        );
    }
    let far = format!("{}outside the 24-hour window", "x".repeat(5 * TEXT));
    for (status, body) in [
        (422, format!(r#"{{"message":"{far}"}}"#)),
        (200, format!(r#"{{"message":"{far}","status":"error"}}"#)),
        (
            422,
            r#"{"errors":[1,"a","b","c","d","24-hour"]}"#.to_owned(),
        ),
    ] {
        assert_eq!(
            send(status, &body).cause(),
            Some("window-closed"),
            "beyond what is kept: {body}"
        );
    }
    for body in [
        r#"{"errors":["24-hou","r"]}"#,
        r#"{"message":"24-","errors":"hour"}"#,
        r#"{"message":"24-hou\nr"}"#,
        r#"{"errors":["24-hou\nr"]}"#,
        r#"{"errors":["\n24-","hour\n"]}"#,
        r#"{"message":"24-hour window","message":"a typo"}"#,
        r#"{"errors":{"a":"24-hour"},"errors":{"a":"bad"}}"#,
        r#"{"errors":["a","b","c","d","24-hour"],"errors":["bad"]}"#,
    ] {
        let cause = send(422, body).cause();
        assert_eq!(cause, Some("validation"), "not told, or taken back: {body}");
    }
    assert_eq!(
        send(429, r#"{"message":"24-hour limit"}"#).cause(),
        Some("rate-limited")
    );
    assert_eq!(
        send(422, r#"{"other":"24-hour"}"#).cause(),
        Some("validation")
    );
}
