//! Every row of the documentation's error table, and the texts in it.

use serde_json::json;
use xobito_sandbox::{Config, DEFAULT_TOKEN, READ_ONLY_TOKEN, Sandbox, Token};

use crate::client::{exchange, headers, post, raw, request, sandbox, status};

const BODY: &[u8] = br#"{"phone_number":"+14155551234","message_body":"x"}"#;
const PATH: &str = "/api/v1/demo/messages/send";

fn with_headers(lines: &[&str]) -> Vec<u8> {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    raw("POST", PATH, &lines, BODY)
}

#[test]
fn a_wrong_subdomain_is_400_with_a_text_for_errors() {
    let sandbox = sandbox();
    let answer = exchange(
        &sandbox,
        &raw(
            "POST",
            "/api/v1/other/messages/send",
            &full_headers(DEFAULT_TOKEN),
            BODY,
        ),
    );
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json(), json!({"errors": "Invalid tenant subdomain"}));
    assert!(!sandbox.messages()[0].accepted);
}

#[test]
fn a_missing_or_wrong_token_is_401() {
    let sandbox = sandbox();
    let without = exchange(
        &sandbox,
        &with_headers(&["Accept: application/json", "Content-Type: application/json"]),
    );
    assert_eq!(without.status, 401);
    assert_eq!(
        without.json(),
        json!({"status": "error", "message": "API token is required"})
    );
    let basic = [
        "Authorization: Basic eDp5",
        "Accept: application/json",
        "Content-Type: application/json",
    ];
    assert_eq!(
        exchange(&sandbox, &with_headers(&basic)).json()["message"],
        "API token is required"
    );
    let wrong = exchange(
        &sandbox,
        &raw("POST", PATH, &full_headers("apitk_wrong"), BODY),
    );
    assert!(
        !format!("{:?}", sandbox.messages()).contains("apitk_wrong"),
        "what was offered as a token is not kept"
    );
    assert_eq!(wrong.status, 401);
    assert_eq!(
        wrong.json(),
        json!({"status": "error", "message": "Invalid API token"})
    );
}

#[test]
fn a_token_without_the_ability_is_403() {
    let sandbox = Sandbox::start(Config {
        tokens: vec![
            Token::with_every_ability(DEFAULT_TOKEN),
            Token {
                secret: "nothing".to_owned(),
                abilities: Some(Vec::new()),
            },
        ],
        ..Config::default()
    })
    .unwrap();
    let sent = exchange(&sandbox, &raw("POST", PATH, &full_headers("nothing"), BODY));
    assert_eq!(sent.status, 403);
    let text = "Token does not have the required ability: messages.send";
    assert_eq!(sent.json(), json!({"status": "error", "message": text}));
    for (method, path, ability) in [
        ("POST", "messages/template", "messages.send"),
        ("POST", "messages/media", "messages.send"),
        ("GET", "messages/wamid.x/status", "messages.read"),
        ("POST", "phone/validate", "phone.validate"),
    ] {
        let answer = exchange(
            &sandbox,
            &raw(
                method,
                &format!("/api/v1/demo/{path}"),
                &full_headers("nothing"),
                b"{}",
            ),
        );
        assert_eq!(answer.status, 403, "{path}");
        assert!(
            answer.json()["message"]
                .as_str()
                .unwrap()
                .ends_with(ability),
            "{path}"
        );
    }
}

#[test]
fn the_read_only_token_reads_but_does_not_send() {
    let sandbox = sandbox();
    assert_eq!(
        exchange(
            &sandbox,
            &raw("POST", PATH, &full_headers(READ_ONLY_TOKEN), BODY)
        )
        .status,
        403
    );
    let path = "/api/v1/demo/messages/wamid.x/status";
    assert_eq!(
        exchange(&sandbox, &raw("GET", path, &headers(READ_ONLY_TOKEN), b"")).status,
        404
    );
}

#[test]
fn unknown_things_are_404_and_wrong_methods_405() {
    let sandbox = sandbox();
    let unknown = status(&sandbox, "wamid.unknown");
    assert_eq!(unknown.status, 404);
    assert_eq!(
        unknown.json(),
        json!({"status": "error", "message": "Message not found"})
    );
    assert_eq!(post(&sandbox, "messages/fax", &json!({})).status, 404);
    assert_eq!(
        exchange(
            &sandbox,
            &raw("GET", PATH, &full_headers(DEFAULT_TOKEN), b"")
        )
        .status,
        405
    );
}

#[test]
fn every_failing_field_is_listed_with_the_frameworks_texts() {
    let answer = post(
        &sandbox(),
        "messages/send",
        &json!({"message_body": 7, "message_type": "interactive", "header": "h".repeat(61),
            "buttons": [{"id": "a", "title": "t".repeat(21)}, {"title": "B"}],
            "contact": {"email": "nobody", "assigned_id": "x", "groups": [1, "g", {}]}}),
    );
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json(),
        json!({"status": "error", "message": "Validation failed", "errors": {
            "phone_number": ["The phone number field is required."],
            "message_body": ["The message body field must be a string."],
            "header": ["The header field must not be greater than 60 characters."],
            "buttons.0.title": ["The buttons.0.title field must not be greater than 20 characters."],
            "buttons.1.id": ["The buttons.1.id field is required."],
            "contact.email": ["The contact.email field must be a valid email address."],
            "contact.assigned_id": ["The contact.assigned id field must be an integer."],
            "contact.groups.2": ["The contact.groups.2 field is required."],
        }})
    );
}

#[test]
fn a_body_that_is_no_json_has_no_fields() {
    let sandbox = sandbox();
    for body in [
        "",
        "{",
        "[]",
        "\"x\"",
        "{\"phone_number\":\"+14155551234\",\"message_body\":\"x\"} x",
    ] {
        let answer = exchange(&sandbox, &request("messages/send", body));
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            answer.field_errors("message_body"),
            ["The message body field is required."]
        );
    }
}

#[test]
fn the_headers_of_the_documentation_are_required() {
    let sandbox = sandbox();
    let token = format!("Authorization: Bearer {DEFAULT_TOKEN}");
    let json = "Content-Type: application/json";
    assert_eq!(
        exchange(&sandbox, &with_headers(&[&token, json])).status,
        406
    );
    assert_eq!(
        exchange(&sandbox, &with_headers(&[&token, json, "Accept: */*"])).status,
        406
    );
    assert_eq!(
        exchange(
            &sandbox,
            &with_headers(&[&token, "Accept: application/json"])
        )
        .status,
        415
    );
    let charset = "Content-Type: application/json; charset=utf-8";
    assert_eq!(
        exchange(
            &sandbox,
            &with_headers(&[&token, charset, "accept: text/html, application/json;q=1"])
        )
        .status,
        200
    );
    assert_eq!(
        sandbox
            .messages()
            .iter()
            .filter(|received| received.accepted)
            .count(),
        1
    );
}

#[test]
fn what_whatsapp_refuses_is_a_500_after_the_contact_was_made() {
    let sandbox = sandbox();
    let button = |id: &str, title: &str| json!({"id": id, "title": title});
    let interactive = |body: &str, buttons: [serde_json::Value; 2]| json!({"phone_number": "+491701234567", "message_type": "interactive", "message_body": body, "buttons": buttons});
    let template = |value: &str| {
        json!({"phone_number": "+491701234567", "template_language": "en_US",
            "template_name": "alert", "field_1": value, "field_2": "x", "field_3": "x"})
    };
    for (endpoint, body) in [
        (
            "messages/send",
            interactive("x", [button("a", "A"), button("a", "B")]),
        ),
        (
            "messages/send",
            interactive("x", [button("a", "A"), button("b", "A")]),
        ),
        (
            "messages/send",
            interactive(&"é".repeat(1025), [button("a", "A"), button("b", "B")]),
        ),
        ("messages/template", template("a\nb")),
        ("messages/template", template("a\tb")),
        ("messages/template", template("a     b")),
    ] {
        let answer = post(&sandbox, endpoint, &body);
        assert_eq!(answer.status, 500, "{body}");
        assert_eq!(
            answer.json(),
            json!({"status": "error", "message": "Failed to send message"})
        );
    }
    assert!(sandbox.messages().iter().all(|received| !received.accepted));
    let accepted = [
        (
            "messages/send",
            interactive(&"é".repeat(1024), [button("a", "A"), button("b", "B")]),
        ),
        ("messages/template", template("a    b")),
    ];
    for (endpoint, body) in accepted {
        let answer = post(&sandbox, endpoint, &body);
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(answer.json()["data"]["contact_created"], false);
    }
}

#[test]
fn oversized_requests_are_413() {
    let sandbox = sandbox();
    let answer = exchange(
        &sandbox,
        &request("messages/send", &" ".repeat((1 << 20) + 1)),
    );
    assert_eq!(answer.status, 413);
}

fn full_headers(token: &str) -> Vec<String> {
    let mut lines = headers(token);
    lines.push("Content-Type: application/json".to_owned());
    lines
}
