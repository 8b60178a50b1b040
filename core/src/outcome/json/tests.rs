use crate::{Accepted, Answer, AnswerReader, Delivery, End, Failure, Outcome, Validation};

fn json(outcome: &impl serde::Serialize) -> String {
    let mut room = [0; 1024];
    let len = serde_json_core::to_slice(outcome, &mut room).unwrap();
    String::from_utf8(room[..len].to_vec()).unwrap()
}

/// The object for this answer.
fn of<A: Answer>(status: u16, body: &str) -> String {
    let mut reader = AnswerReader::<A>::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    json(&reader.finish(End::Complete))
}

#[test]
fn what_was_accepted_is_listed_as_far_as_it_is_known() {
    assert_eq!(
        of::<Accepted>(
            200,
            r#"{"status":"success","message":"Sent","data":{"message_id":"wamid.A","contact_id":451,"phone":"+14155551234","status":"sent","sent_at":"now","chat_id":88,"contact_created":false}}"#
        ),
        r#"{"outcome":"accepted","message_id":"wamid.A","message":"Sent","contact_id":451,"phone":"+14155551234","status":"sent","sent_at":"now","chat_id":88,"contact_created":false}"#
    );
    assert_eq!(
        of::<Accepted>(
            200,
            r#"{"status":"success","data":{"message_id":"wamid.A"}}"#
        ),
        r#"{"outcome":"accepted","message_id":"wamid.A"}"#
    );
}

#[test]
fn a_query_lists_what_was_asked_for() {
    let delivery = of::<Delivery>(
        200,
        r#"{"status":"success","data":{"message_id":"wamid.A","delivery_status":"failed","error_message":"131047","last_updated":"now"}}"#,
    );
    for part in [
        r#"{"outcome":"accepted","#,
        r#":"failed""#,
        r#":"131047""#,
        r#""last_updated":"now""#,
        r#""message_id":"wamid.A""#,
    ] {
        assert!(delivery.contains(part), "{part} in {delivery}");
    }
    assert_eq!(
        of::<Validation>(
            200,
            r#"{"status":"success","data":{"phone":"1","phone_digits":"2","format_valid":true,"country_code":"3","country":"US","national_number":"4","e164":"+5","reason":"r","note":"n"}}"#
        ),
        r#"{"outcome":"accepted","format_valid":true,"phone":"1","phone_digits":"2","country_code":"3","country":"US","national_number":"4","e164":"+5","reason":"r","note":"n"}"#
    );
}

#[test]
fn errors_have_the_shape_that_the_api_gave_them() {
    assert_eq!(
        of::<Accepted>(
            422,
            r#"{"message":"Validation failed","errors":{"message_body":["Too long.","Really."],"header":["No."]}}"#
        ),
        r#"{"outcome":"rejected","cause":"validation","http_status":422,"message":"Validation failed","errors":{"message_body":["Too long.","Really."],"header":["No."]}}"#
    );
    assert_eq!(
        of::<Accepted>(
            422,
            r#"{"message":"Validation failed","errors":{"header":["No."]}}"#
        ),
        r#"{"outcome":"rejected","cause":"validation","http_status":422,"message":"Validation failed","errors":{"header":["No."]}}"#
    );
    assert_eq!(
        of::<Accepted>(400, r#"{"errors":"Invalid tenant subdomain"}"#),
        r#"{"outcome":"rejected","cause":"bad-request","http_status":400,"errors":"Invalid tenant subdomain"}"#
    );
    assert_eq!(
        of::<Accepted>(429, r#"{"retry_after":45}"#),
        r#"{"outcome":"rejected","cause":"rate-limited","http_status":429,"retry_after_s":45}"#
    );
}

#[test]
fn a_text_that_was_cut_says_so() {
    let mut reader = AnswerReader::<Accepted, 4, 1>::new();
    reader.status(400);
    reader.feed(br#"{"message":"Nothing works."}"#);
    let mut room = [0; 128];
    let len = serde_json_core::to_slice(&reader.finish(End::Complete), &mut room).unwrap();
    assert_eq!(
        core::str::from_utf8(&room[..len]),
        Ok(r#"{"outcome":"rejected","cause":"bad-request","http_status":400,"message":"Noth…"}"#)
    );
}

#[test]
fn without_an_answer_there_is_only_the_cause() {
    assert_eq!(
        json(&Outcome::<Accepted>::failed(false, Failure::Dns)),
        r#"{"outcome":"not-sent","cause":"dns"}"#
    );
    assert_eq!(
        json(&Outcome::<Accepted>::failed(true, Failure::TimedOut)),
        r#"{"outcome":"unknown","cause":"timed-out"}"#
    );
    assert_eq!(
        of::<Accepted>(502, "<html>"),
        r#"{"outcome":"unknown","cause":"gateway-error","http_status":502}"#
    );
}
