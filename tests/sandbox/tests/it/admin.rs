//! `/_sandbox/` and the library's look behind the curtain.

use serde_json::json;
use xobito_sandbox::{DEFAULT_TOKEN, Fault};

use crate::client::{Connection, End, admin, post, sandbox};

const TEXT: &str = r#"{"phone_number":"+491701234567","message_body":"x"}"#;

#[test]
fn what_arrived_is_shown_without_its_token() {
    let sandbox = sandbox();
    post(
        &sandbox,
        "messages/send",
        &serde_json::from_str(TEXT).unwrap(),
    );
    let shown = admin(&sandbox, "GET", "messages", "");
    assert!(!String::from_utf8_lossy(&shown.body).contains(DEFAULT_TOKEN));
    let message = shown.json()["messages"][0].clone();
    assert_eq!(message["method"], "POST");
    assert_eq!(message["path"], "/api/v1/demo/messages/send");
    assert_eq!(message["status"], 200);
    assert_eq!(message["accepted"], true);
    assert_eq!(message["json"]["phone_number"], "+491701234567");
    assert!(
        message["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["authorization", "Bearer [redacted]"]))
    );
    let received = sandbox.messages();
    assert_eq!(
        received[0].header("Authorization"),
        Some("Bearer [redacted]")
    );
    assert_eq!(
        received[0].message_id.as_deref(),
        message["message_id"].as_str()
    );
    assert_eq!(admin(&sandbox, "DELETE", "messages", "").status, 200);
    assert!(sandbox.messages().is_empty());
}

#[test]
fn time_is_driven_forward_only() {
    let sandbox = sandbox();
    let before = admin(&sandbox, "GET", "time", "").json();
    assert_eq!(before["driven_s"], 0.0);
    let after = admin(&sandbox, "POST", "time", r#"{"advance_s":86400.5}"#).json();
    assert_eq!(after["driven_s"], 86400.5);
    assert!(after["now"].as_str() > before["now"].as_str());
    for wrong in [
        r#"{"advance_s":-1}"#,
        r#"{"advance":1}"#,
        "",
        r#"{"advance_s":1e300}"#,
    ] {
        assert_eq!(
            admin(&sandbox, "POST", "time", wrong).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn a_fault_hits_the_next_requests_but_never_this_endpoint() {
    let sandbox = sandbox();
    let set = admin(
        &sandbox,
        "POST",
        "fault",
        r#"{"fault":"empty-503","count":2}"#,
    );
    assert_eq!(set.json(), json!({"fault": "empty-503", "remaining": 2}));
    let text = serde_json::from_str(TEXT).unwrap();
    assert_eq!(post(&sandbox, "messages/send", &text).status, 503);
    assert_eq!(admin(&sandbox, "GET", "fault", "").json()["remaining"], 1);
    assert_eq!(post(&sandbox, "messages/send", &text).status, 503);
    assert_eq!(post(&sandbox, "messages/send", &text).status, 200);
    admin(&sandbox, "POST", "fault", r#"{"fault":"empty-503"}"#);
    assert_eq!(
        admin(&sandbox, "DELETE", "fault", "").json()["fault"],
        json!(null)
    );
    assert_eq!(post(&sandbox, "messages/send", &text).status, 200);
    assert_eq!(
        admin(&sandbox, "POST", "fault", r#"{"fault":"unheard-of"}"#).status,
        400
    );
}

#[test]
fn a_fault_set_by_the_library_stays_until_it_is_cleared() {
    let sandbox = sandbox();
    sandbox.set_fault(Some(Fault::Empty503));
    let text = serde_json::from_str(TEXT).unwrap();
    for _ in 0..3 {
        assert_eq!(post(&sandbox, "messages/send", &text).status, 503);
    }
    sandbox.set_fault(None);
    assert_eq!(post(&sandbox, "messages/send", &text).status, 200);
    sandbox.set_fault_for(Fault::Empty503, 1);
    assert_eq!(post(&sandbox, "messages/send", &text).status, 503);
    assert_eq!(post(&sandbox, "messages/send", &text).status, 200);
}

#[test]
fn incoming_messages_make_contacts() {
    let sandbox = sandbox();
    assert_eq!(
        admin(&sandbox, "POST", "incoming", r#"{"phone_number":"49170"}"#).status,
        400
    );
    let contacts = admin(
        &sandbox,
        "POST",
        "incoming",
        r#"{"phone_number":"+491701234567"}"#,
    )
    .json();
    let contact = contacts["contacts"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(contact["phone"], "+491701234567");
    assert!(contact["last_wrote"].is_string());
    let sent = post(
        &sandbox,
        "messages/send",
        &serde_json::from_str(TEXT).unwrap(),
    )
    .json();
    assert_eq!(
        (
            &sent["data"]["contact_created"],
            &sent["data"]["contact_id"]
        ),
        (&json!(false), &contact["id"])
    );
}

#[test]
fn reset_forgets_everything_but_never_repeats_an_id() {
    let sandbox = sandbox();
    let text = serde_json::from_str(TEXT).unwrap();
    let first = post(&sandbox, "messages/send", &text).json()["data"].clone();
    sandbox.set_fault(Some(Fault::Empty503));
    assert_eq!(admin(&sandbox, "POST", "reset", "").status, 200);
    assert!(sandbox.messages().is_empty());
    let second = post(&sandbox, "messages/send", &text).json()["data"].clone();
    assert_eq!(second["contact_created"], true);
    assert_ne!(first["message_id"], second["message_id"]);
    assert_eq!(sandbox.messages()[0].sequence, 2);
    sandbox.clear();
    assert!(sandbox.messages().is_empty());
}

#[test]
fn lists_of_faults_and_numbers_are_complete() {
    let sandbox = sandbox();
    assert_eq!(admin(&sandbox, "GET", "health", "").json()["status"], "ok");
    let faults = admin(&sandbox, "GET", "faults", "").json()["faults"].clone();
    assert_eq!(faults.as_array().unwrap().len(), Fault::ALL.len());
    let numbers = admin(&sandbox, "GET", "numbers", "").json()["numbers"].clone();
    assert_eq!(
        numbers.as_array().unwrap().len(),
        xobito_sandbox::numbers::all().len()
    );
}

#[test]
fn requests_on_one_connection_are_known_as_such() {
    let sandbox = sandbox();
    let mut connection = Connection::open(&sandbox);
    for _ in 0..2 {
        connection.send_text("+491701234567");
        assert_eq!(connection.read_answer().status, 200);
    }
    post(
        &sandbox,
        "messages/send",
        &serde_json::from_str(TEXT).unwrap(),
    );
    let connections: Vec<u64> = sandbox
        .messages()
        .iter()
        .map(|received| received.connection)
        .collect();
    assert_eq!(connections, [1, 1, 2]);
    assert_eq!(
        (sandbox.connections().opened, sandbox.connections().secured),
        (2, 2)
    );
}

#[test]
fn shutdown_closes_connections_and_frees_the_port() {
    let sandbox = sandbox();
    let addr = sandbox.addr();
    let mut open = Connection::open(&sandbox);
    sandbox.shutdown();
    let (bytes, end) = open.read_to_end();
    assert!(bytes.is_empty() && end != End::Silent, "{end:?}");
    assert!(std::net::TcpStream::connect(addr).is_err());
    std::net::TcpListener::bind(addr).unwrap();
}
