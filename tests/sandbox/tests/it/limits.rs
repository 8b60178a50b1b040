//! Every documented limit, met and exceeded by one, counted in code points.

use serde_json::{Value, json};
use xobito_sandbox::Sandbox;

use crate::client::{post, sandbox};

/// A character of four bytes and two UTF-16 units.
const ROCKET: &str = "🚀";
const PHONE: &str = "+14155551234";

/// Asserts that `valid` is accepted and that with `key` one longer (`long`) exactly that field fails with `text`.
fn at_limit(sandbox: &Sandbox, endpoint: &str, valid: &Value, key: &str, long: &Value, text: &str) {
    let answer = post(sandbox, endpoint, valid);
    assert_eq!(answer.status, 200, "{key}: {}", answer.json());
    let answer = post(sandbox, endpoint, long);
    assert_eq!(answer.status, 422, "{key}");
    let errors = answer.json()["errors"].clone();
    assert_eq!(errors, json!({key: [text]}));
}

fn set(body: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = body.clone();
    *changed
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer}")) = value;
    changed
}

#[test]
fn texts_of_a_free_form_message() {
    let sandbox = sandbox();
    let text = json!({"phone_number": PHONE, "message_body": ROCKET.repeat(4096)});
    let long = set(&text, "/message_body", json!(ROCKET.repeat(4097)));
    let error = "The message body field must not be greater than 4096 characters.";
    at_limit(
        &sandbox,
        "messages/send",
        &text,
        "message_body",
        &long,
        error,
    );

    let buttons = json!({"phone_number": PHONE, "message_body": "x", "message_type": "interactive",
        "header": ROCKET.repeat(60), "footer": ROCKET.repeat(60),
        "buttons": [{"id": ROCKET.repeat(256), "title": ROCKET.repeat(20)}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]});
    let cases = [
        ("header", "header", 60),
        ("footer", "footer", 60),
        ("buttons.0.id", "buttons/0/id", 256),
        ("buttons.0.title", "buttons/0/title", 20),
    ];
    for (key, pointer, limit) in cases {
        let long = set(
            &buttons,
            &format!("/{pointer}"),
            json!(ROCKET.repeat(limit + 1)),
        );
        let error = format!("The {key} field must not be greater than {limit} characters.");
        at_limit(&sandbox, "messages/send", &buttons, key, &long, &error);
    }

    let cta = json!({"phone_number": PHONE, "message_body": "x", "message_type": "cta_url",
        "button_text": ROCKET.repeat(20), "button_url": "https://a.example/x"});
    let long = set(&cta, "/button_text", json!(ROCKET.repeat(21)));
    let error = "The button text field must not be greater than 20 characters.";
    at_limit(&sandbox, "messages/send", &cta, "button_text", &long, error);
}

#[test]
fn numbers_of_buttons() {
    let sandbox = sandbox();
    let with = |count: usize| {
        let buttons: Vec<Value> = (0..count)
            .map(|n| json!({"id": n.to_string(), "title": n.to_string()}))
            .collect();
        json!({"phone_number": PHONE, "message_body": "x", "message_type": "interactive", "buttons": buttons})
    };
    let error = "The buttons field must not have more than 3 items.";
    at_limit(
        &sandbox,
        "messages/send",
        &with(3),
        "buttons",
        &with(4),
        error,
    );
    let error = "The buttons field is required when message type is interactive.";
    at_limit(
        &sandbox,
        "messages/send",
        &with(1),
        "buttons",
        &with(0),
        error,
    );
}

#[test]
fn phone_numbers_of_each_endpoint() {
    let sandbox = sandbox();
    let send = |phone: &str| {
        post(
            &sandbox,
            "messages/send",
            &json!({"phone_number": phone, "message_body": "x"}),
        )
    };
    for phone in ["+12345678", "+123456789012345"] {
        assert_eq!(send(phone).status, 200, "{phone}");
    }
    for phone in [
        "+1234567",
        "+1234567890123456",
        "12345678",
        "+02345678",
        "+1234 5678",
        "+١٢٣٤٥٦٧٨",
        "++12345678",
    ] {
        assert_eq!(
            send(phone).field_errors("phone_number"),
            ["The phone number field format is invalid."],
            "{phone}"
        );
    }
    let template = |phone: &str| {
        post(
            &sandbox,
            "messages/template",
            &json!({"phone_number": phone, "template_name": "hello_world", "template_language": "en_US"}),
        )
    };
    assert_eq!(
        (
            template("+1234567").status,
            template("+12345678901234").status
        ),
        (200, 200)
    );
    assert_eq!(
        template("+123456").field_errors("phone_number"),
        ["The phone number field must be at least 8 characters."]
    );
    let long = ["The phone number field must not be greater than 15 characters."];
    assert_eq!(
        template("+123456789012345").field_errors("phone_number"),
        long
    );
    let media = |phone: &str| {
        post(
            &sandbox,
            "messages/media",
            &json!({"phone_number": phone, "media_type": "image", "media_url": "https://a.example/x.png"}),
        )
    };
    assert_eq!(
        (media("+123456789").status, media("+12345678901234").status),
        (200, 200)
    );
    assert_eq!(
        media("+12345678").field_errors("phone_number"),
        ["The phone number field must be at least 10 characters."]
    );
    assert_eq!(media("+123456789012345").field_errors("phone_number"), long);
}

#[test]
fn texts_of_media() {
    let sandbox = sandbox();
    let document = json!({"phone_number": PHONE, "media_type": "document", "media_url": "https://a.example/x.pdf",
        "caption": ROCKET.repeat(1024), "filename": ROCKET.repeat(255)});
    for (key, limit) in [("caption", 1024), ("filename", 255)] {
        let long = set(
            &document,
            &format!("/{key}"),
            json!(ROCKET.repeat(limit + 1)),
        );
        let error = format!("The {key} field must not be greater than {limit} characters.");
        at_limit(&sandbox, "messages/media", &document, key, &long, &error);
    }
    let mut sound = set(&document, "/media_type", json!("audio"));
    sound.as_object_mut().unwrap().remove("filename");
    let answer = post(&sandbox, "messages/media", &sound);
    assert_eq!(
        answer.field_errors("caption"),
        ["The caption field is prohibited unless media type is in image, document, video."]
    );
    let answer = post(
        &sandbox,
        "messages/media",
        &set(&document, "/media_type", json!("fax")),
    );
    assert_eq!(
        answer.field_errors("media_type"),
        ["The selected media type is invalid."]
    );
    let answer = post(
        &sandbox,
        "messages/media",
        &set(&document, "/media_url", json!("file:///etc/passwd")),
    );
    assert_eq!(
        answer.field_errors("media_url"),
        ["The media url field must be a valid URL."]
    );
}

#[test]
fn combinations_that_the_documentation_excludes() {
    let sandbox = sandbox();
    let buttons = json!([{"id": "a", "title": "A"}]);
    let base = json!({"phone_number": PHONE, "message_body": "x"});
    let with = |members: Value| {
        let mut body = base.clone();
        body.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        post(&sandbox, "messages/send", &body)
    };
    for (members, key, text) in [
        (
            json!({"header": "h"}),
            "header",
            "The header field is prohibited unless message type is in interactive, cta_url.",
        ),
        (
            json!({"footer": "f"}),
            "footer",
            "The footer field is prohibited unless message type is in interactive, cta_url.",
        ),
        (
            json!({"buttons": buttons}),
            "buttons",
            "The buttons field is prohibited unless message type is in interactive.",
        ),
        (
            json!({"message_type": "interactive", "buttons": buttons, "button_url": "https://a.example"}),
            "button_url",
            "The button url field is prohibited unless message type is in cta_url.",
        ),
        (
            json!({"message_type": "cta_url", "button_text": "Go", "button_url": "https://a.example", "buttons": buttons}),
            "buttons",
            "The buttons field is prohibited unless message type is in interactive.",
        ),
        (
            json!({"message_type": "cta_url", "button_text": "Go"}),
            "button_url",
            "The button url field is required when message type is cta_url.",
        ),
        (
            json!({"message_type": "cta_url", "button_text": "Go", "button_url": "a.example"}),
            "button_url",
            "The button url field must be a valid URL.",
        ),
        (
            json!({"message_type": "interactive"}),
            "buttons",
            "The buttons field is required when message type is interactive.",
        ),
        (
            json!({"message_type": "fax"}),
            "message_type",
            "The selected message type is invalid.",
        ),
    ] {
        let answer = with(members);
        assert_eq!(answer.status, 422, "{key}");
        assert_eq!(answer.field_errors(key), [text], "{key}");
    }
}

#[test]
fn texts_are_trimmed_before_they_are_measured() {
    let sandbox = sandbox();
    let padded = format!(" \n{}\u{a0}", "x".repeat(4096));
    let answer = post(
        &sandbox,
        "messages/send",
        &json!({"phone_number": PHONE, "message_body": padded}),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["data"]["message"], "x".repeat(4096));
    assert_eq!(
        sandbox.messages()[0].warnings,
        ["message_body: trimmed before it was used"]
    );
    let blank = post(
        &sandbox,
        "messages/send",
        &json!({"phone_number": PHONE, "message_body": " \u{200b}\t"}),
    );
    assert_eq!(
        blank.field_errors("message_body"),
        ["The message body field is required."]
    );
}
