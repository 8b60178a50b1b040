//! What depends on time: the 24-hour window and the rate limit.

use std::time::Duration;

use serde_json::json;
use xobito_sandbox::{Config, READ_ONLY_TOKEN, Sandbox, Window};

use crate::client::{Answer, exchange, headers, post, raw, sandbox, status};

const STRANGER: &str = "+491701234567";

fn send(sandbox: &Sandbox, number: &str) -> Answer {
    post(
        sandbox,
        "messages/send",
        &json!({"phone_number": number, "message_body": "x"}),
    )
}

fn strict() -> Sandbox {
    Sandbox::start(Config {
        window: Window::Strict,
        rate_limit: 1000,
        ..Config::default()
    })
    .unwrap()
}

#[test]
fn a_friendly_window_is_open_to_strangers() {
    assert_eq!(send(&sandbox(), STRANGER).status, 200);
}

#[test]
fn a_strict_window_is_closed_until_the_recipient_writes() {
    let sandbox = strict();
    let closed = send(&sandbox, STRANGER);
    assert_eq!(closed.status, 422);
    assert_eq!(
        closed.json(),
        json!({"status": "error", "message": "Session not active — template required"})
    );
    assert!(
        closed.body.windows(6).any(|six| six == b"\\u2014"),
        "the dash is escaped"
    );
    let media = json!({"phone_number": STRANGER, "media_type": "image", "media_url": "https://a.example/x.png"});
    assert_eq!(post(&sandbox, "messages/media", &media).status, 422);
    let template = json!({"phone_number": STRANGER, "template_name": "hello_world", "template_language": "en_US"});
    assert_eq!(
        post(&sandbox, "messages/template", &template).status,
        200,
        "templates pass"
    );
    sandbox.incoming(STRANGER);
    assert_eq!(send(&sandbox, STRANGER).status, 200);
}

#[test]
fn a_window_closes_after_24_hours_even_when_friendly() {
    for sandbox in [sandbox(), strict()] {
        sandbox.incoming(STRANGER);
        sandbox.advance(Duration::from_secs(24 * 3600 - 60));
        assert_eq!(send(&sandbox, STRANGER).status, 200);
        sandbox.advance(Duration::from_secs(61));
        assert_eq!(send(&sandbox, STRANGER).status, 422);
        sandbox.incoming(STRANGER);
        assert_eq!(send(&sandbox, STRANGER).status, 200);
    }
}

#[test]
fn closed_window_numbers_open_when_they_write_and_for_templates() {
    let sandbox = strict();
    assert_eq!(send(&sandbox, "+12025550111").status, 422);
    sandbox.incoming("+12025550111");
    assert_eq!(send(&sandbox, "+12025550111").status, 200);
    let template = json!({"phone_number": "+12025550112", "template_name": "hello_world", "template_language": "en_US"});
    let sent = post(&sandbox, "messages/template", &template).json();
    sandbox.advance(Duration::from_secs(60));
    let delivery = status(&sandbox, sent["data"]["message_id"].as_str().unwrap()).json();
    assert_eq!(
        delivery["data"]["delivery_status"], "read",
        "no window stops a template"
    );
}

#[test]
fn a_token_beyond_its_rate_waits_for_the_minute_to_end() {
    let sandbox = Sandbox::start(Config {
        rate_limit: 3,
        window: Window::Friendly,
        ..Config::default()
    })
    .unwrap();
    for left in ["2", "1", "0"] {
        let answer = send(&sandbox, STRANGER);
        assert_eq!(answer.status, 200);
        assert_eq!(
            (
                answer.header("x-ratelimit-limit"),
                answer.header("x-ratelimit-remaining")
            ),
            (Some("3"), Some(left))
        );
    }
    sandbox.advance(Duration::from_secs(15));
    let refused = send(&sandbox, STRANGER);
    assert_eq!(refused.status, 429);
    let wait = refused.json()["retry_after"].as_u64().unwrap();
    assert!(
        (35..=45).contains(&wait),
        "{wait} s are left, but for the time this test took"
    );
    assert_eq!(
        refused.json(),
        json!({"message": "Too many requests", "retry_after": wait})
    );
    assert_eq!(
        refused.header("retry-after"),
        Some(wait.to_string().as_str())
    );
    let path = "/api/v1/demo/messages/wamid.x/status";
    assert_eq!(
        exchange(&sandbox, &raw("GET", path, &headers(READ_ONLY_TOKEN), b"")).status,
        404,
        "another token's rate is its own"
    );
    sandbox.advance(Duration::from_secs(45));
    assert_eq!(send(&sandbox, STRANGER).status, 200);
    assert_eq!(
        sandbox
            .messages()
            .iter()
            .filter(|received| received.accepted)
            .count(),
        4
    );
}
