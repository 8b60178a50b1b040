//! Magic numbers do what the table says.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use xobito_sandbox::{Fault, Phase, Sandbox, numbers};

use crate::client::{Answer, post, sandbox, status};

fn send(sandbox: &Sandbox, number: &str) -> Answer {
    post(
        sandbox,
        "messages/send",
        &json!({"phone_number": number, "message_body": "x"}),
    )
}

/// The delivery status of a message to `number` after a day.
fn in_the_end(number: &str) -> Value {
    let sandbox = sandbox();
    let sent = send(&sandbox, number);
    assert_eq!(sent.status, 200, "{number}");
    sandbox.advance(Duration::from_secs(86_400));
    status(
        &sandbox,
        sent.json()["data"]["message_id"].as_str().unwrap(),
    )
    .json()["data"]
        .clone()
}

#[test]
fn every_number_is_there_once_and_passes_every_endpoints_limits() {
    let all = numbers::all();
    let distinct: HashSet<&str> = all.iter().map(|magic| magic.number.as_str()).collect();
    assert_eq!(distinct.len(), all.len());
    for magic in &all {
        assert_eq!(magic.number.len(), 12);
        assert_eq!(
            numbers::behaviour(&magic.number),
            magic.behaviour,
            "{}",
            magic.number
        );
    }
    for fault in Fault::ALL {
        assert_eq!(
            numbers::for_fault(*fault).is_some(),
            fault.phase() == Phase::Answer,
            "{fault}"
        );
    }
    assert!(
        !numbers::is_magic("+12025550100")
            && !numbers::is_magic("+1202555010")
            && !numbers::is_magic("+120255501400")
    );
}

#[test]
fn deliveries_end_as_the_table_says() {
    for (suffix, word, error, states) in [
        (
            "00",
            "read",
            Value::Null,
            vec!["pending", "sent", "delivered", "read"],
        ),
        (
            "10",
            "failed",
            json!("Number not on WhatsApp"),
            vec!["pending", "sent", "failed"],
        ),
        (
            "12",
            "failed",
            json!("Message outside 24-hour window"),
            vec!["pending", "sent", "failed"],
        ),
        (
            "13",
            "failed",
            json!("Session not active — template required"),
            vec!["pending", "sent", "failed"],
        ),
        ("14", "sent", Value::Null, vec!["pending", "sent"]),
        (
            "15",
            "delivered",
            Value::Null,
            vec!["pending", "sent", "delivered"],
        ),
        ("16", "pending", Value::Null, vec!["pending"]),
        ("17", "read", Value::Null, vec!["pending", "read"]),
    ] {
        let data = in_the_end(&format!("+120255501{suffix}"));
        assert_eq!(
            (&data["delivery_status"], &data["error_message"]),
            (&json!(word), &error),
            "{suffix}"
        );
        let reached: HashSet<&str> = data["statuses"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, at)| at.is_string())
            .map(|(word, _)| word.as_str())
            .collect();
        assert_eq!(reached, states.into_iter().collect(), "{suffix}");
    }
}

#[test]
fn a_status_that_is_not_offered_is_404() {
    let sandbox = sandbox();
    let sent = send(&sandbox, "+12025550118").json();
    assert_eq!(
        status(&sandbox, sent["data"]["message_id"].as_str().unwrap()).status,
        404
    );
}

#[test]
fn refusals_are_answered_and_nothing_goes_out() {
    let sandbox = sandbox();
    let too_many = json!({"message": "Too many requests"});
    let waiting = |wait: Value| json!({"message": "Too many requests", "retry_after": wait});
    let error = |text: &str| json!({"status": "error", "message": text});
    for (suffix, code, header, body) in [
        (
            11,
            422,
            None,
            error("Session not active — template required"),
        ),
        (20, 500, None, error("Failed to send message")),
        (22, 429, Some("45"), waiting(json!(45))),
        (23, 429, Some("45"), too_many.clone()),
        (24, 429, None, waiting(json!("45"))),
        (25, 429, None, too_many),
        (
            26,
            403,
            None,
            error("Your plan's message limit has been reached"),
        ),
        (27, 401, None, error("Invalid API token")),
        (28, 404, None, error("Contact not found")),
        (29, 400, None, json!({"errors": "Invalid tenant subdomain"})),
        (32, 200, None, error("Failed to send message")),
    ] {
        let answer = send(&sandbox, &format!("+120255501{suffix}"));
        assert_eq!(
            (answer.status, answer.json(), answer.header("retry-after")),
            (code, body, header),
            "{suffix}"
        );
        assert!(!sandbox.messages().last().unwrap().accepted, "{suffix}");
    }
}

#[test]
fn other_shapes_of_accepting_answers() {
    let sandbox = sandbox();
    let truth = || {
        sandbox
            .messages()
            .last()
            .unwrap()
            .message_id
            .clone()
            .map(Value::from)
            .unwrap()
    };
    let newer = send(&sandbox, "+12025550130").json()["data"].clone();
    assert_eq!(newer["whatsapp_response"]["messages"][0]["id"], truth());
    assert!(newer.get("message_id").is_none());
    let without = send(&sandbox, "+12025550131");
    assert_eq!(
        (without.status, without.json()["status"].clone()),
        (200, json!("success"))
    );
    assert!(!String::from_utf8(without.body).unwrap().contains("wamid"));
    let null = send(&sandbox, "+12025550133").json()["data"].clone();
    assert_eq!(null.get("message_id"), Some(&Value::Null));
    let odd = send(&sandbox, "+12025550134").json();
    assert_eq!(
        (&odd["data"]["message_id"], &odd["status"]),
        (&truth(), &json!("success"))
    );
    let though_sent = send(&sandbox, "+12025550121");
    assert_eq!(though_sent.status, 500);
    assert!(
        sandbox.messages().iter().all(|received| received.accepted),
        "all five went out"
    );
}
