//! What the endpoints answer to valid requests.

use std::time::Duration;

use serde_json::{Value, json};
use xobito_sandbox::{Config, Sandbox, Timeline};

use crate::client::{post, sandbox, status};

const PHONE: &str = "+14155551234";

#[test]
fn a_text_is_answered_as_documented_and_escaped_as_php_does() {
    let sandbox = sandbox();
    let answer = post(
        &sandbox,
        "messages/send",
        &json!({"phone_number": PHONE, "message_body": "a/b é 🚀 \"q\""}),
    );
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert!(text.starts_with(r#"{"status":"success","message":"Message sent successfully","data":{"message_id":"wamid."#), "{text}");
    assert!(text.contains(r#","contact_id":451,"phone":"+14155551234","message":"a\/b \u00e9 \ud83d\ude80 \"q\"","status":"sent","sent_at":"#), "{text}");
    assert!(
        text.ends_with(r#","chat_id":88,"contact_created":false}}"#),
        "{text}"
    );
    let data = answer.json()["data"].clone();
    assert_eq!(data["message"], "a/b é 🚀 \"q\"");
    let at = data["sent_at"].as_str().unwrap();
    assert!(
        at.len() == 27 && at.ends_with('Z') && at.as_bytes()[19] == b'.',
        "{at}"
    );
}

#[test]
fn a_body_of_4096_emoji_comes_back_in_full() {
    let body = "🚀".repeat(4096);
    let answer = post(
        &sandbox(),
        "messages/send",
        &json!({"phone_number": PHONE, "message_body": body}),
    );
    assert!(answer.body.len() > 49_000, "{}", answer.body.len());
    assert_eq!(answer.json()["data"]["message"], body);
}

#[test]
fn an_unknown_number_becomes_a_contact_once() {
    let sandbox = sandbox();
    let send = |phone: &str, contact: Value| {
        post(
            &sandbox,
            "messages/send",
            &json!({"phone_number": phone, "message_body": "x", "contact": contact}),
        )
        .json()["data"]
            .clone()
    };
    let first = send(
        "+491701234567",
        json!({"firstname": "Ada", "lastname": "L", "email": "a@b.example", "country": "DE",
        "assigned_id": 7, "groups": ["ops", 3]}),
    );
    assert_eq!(first["contact_created"], true);
    let again = send("+491701234567", json!(null));
    assert_eq!(again["contact_created"], false);
    assert_eq!(
        (&again["contact_id"], &again["chat_id"]),
        (&first["contact_id"], &first["chat_id"])
    );
    let other = send("+491701234568", json!({}));
    assert_ne!(other["contact_id"], first["contact_id"]);
    let contacts = crate::client::admin(&sandbox, "GET", "contacts", "").json()["contacts"].clone();
    let names: Vec<&str> = contacts
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["firstname"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["Ada", "Ada", "+491701234568"],
        "without a name the number is the name"
    );
}

#[test]
fn buttons_and_url_buttons_are_accepted() {
    let sandbox = sandbox();
    let buttons = json!({"phone_number": PHONE, "message_body": "x", "message_type": "interactive", "header": "h", "footer": "f",
        "buttons": [{"id": "ack", "title": "Acknowledge"}]});
    assert_eq!(post(&sandbox, "messages/send", &buttons).status, 200);
    let cta = json!({"phone_number": PHONE, "message_body": "x", "message_type": "cta_url", "button_text": "Look",
        "button_url": "https://a.example/?a=1#b"});
    assert_eq!(post(&sandbox, "messages/send", &cta).status, 200);
    let arrived = sandbox.messages();
    assert_eq!(
        (arrived[0].json.as_ref(), arrived[1].json.as_ref()),
        (Some(&buttons), Some(&cta))
    );
    assert_eq!(arrived[0].body, buttons.to_string().into_bytes());
}

#[test]
fn templates_are_filled_and_must_exist_and_be_approved() {
    let sandbox = sandbox();
    let template = |members: Value| {
        let mut body = json!({"phone_number": PHONE, "template_name": "alert", "template_language": "en_US",
            "field_1": "Freezer {{2}}", "field_2": "-3 °C", "field_3": "12:00"});
        body.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        body.as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        post(&sandbox, "messages/template", &body)
    };
    let sent = template(json!({"from_phone_number_id": "1234567890"}));
    assert_eq!(sent.status, 200, "{}", sent.json());
    assert_eq!(
        sent.json()["data"]["message"],
        "Alert from Freezer {{2}}: -3 °C at 12:00."
    );

    let header =
        json!({"template_name": "alert_with_header", "header_field_1": "Cellar", "field_3": null});
    assert_eq!(template(header).status, 200);
    let buttons = json!({"template_name": "alert_with_buttons", "field_2": null, "field_3": null, "button_0": "a", "button_1": "b"});
    assert_eq!(template(buttons).status, 200);
    let image = json!({"template_name": "alert_with_image", "field_2": null, "field_3": null, "header_image_url": "https://a.example/x.png"});
    assert_eq!(template(image).status, 200);

    for (members, key) in [
        (json!({"template_name": "unknown"}), "template_name"),
        (
            json!({"template_name": "alert_pending", "field_2": null, "field_3": null}),
            "template_name",
        ),
        (json!({"template_language": "fr"}), "template_name"),
        (json!({"template_language": "x"}), "template_language"),
        (
            json!({"template_language": "x".repeat(11)}),
            "template_language",
        ),
        (json!({"field_3": null}), "field_3"),
        (json!({"field_4": "x"}), "field_4"),
        (json!({"header_field_1": "x"}), "header_field_1"),
        (json!({"button_0": "x"}), "button_0"),
        (json!({"field_1": 5}), "field_1"),
        (
            json!({"header_image_url": "https://a.example/x.png"}),
            "header_image_url",
        ),
        (json!({"header_image_url": "nowhere"}), "header_image_url"),
        (
            json!({"header_document_name": "x.pdf"}),
            "header_document_name",
        ),
    ] {
        let answer = template(members.clone());
        assert_eq!(answer.status, 422, "{members}");
        assert!(
            !answer.field_errors(key).is_empty(),
            "{members}: {}",
            answer.json()
        );
    }
}

#[test]
fn media_are_answered_without_an_echo() {
    let answer = post(
        &sandbox(),
        "messages/media",
        &json!({"phone_number": PHONE, "media_type": "document", "media_url": "https://a.example/x.pdf", "caption": "c", "filename": "x.pdf"}),
    );
    assert_eq!(answer.status, 200);
    let data = answer.json()["data"].clone();
    assert!(
        data.get("message").is_none() && data["message_id"].as_str().unwrap().starts_with("wamid.")
    );
}

#[test]
fn a_message_goes_from_pending_to_read_as_time_is_driven() {
    let hours = |count: u64| Duration::from_secs(count * 3600);
    let timeline = Timeline {
        sent_after: hours(1),
        failed_after: hours(2),
        delivered_after: hours(3),
        read_after: hours(4),
    };
    let sandbox = Sandbox::start(Config {
        timeline,
        ..Config::default()
    })
    .unwrap();
    let sent = post(
        &sandbox,
        "messages/send",
        &json!({"phone_number": PHONE, "message_body": "x"}),
    )
    .json();
    let id = sent["data"]["message_id"].as_str().unwrap().to_owned();
    let mut before = Duration::ZERO;
    let mut reached = Vec::new();
    for (word, at) in [
        ("pending", Duration::ZERO),
        ("sent", timeline.sent_after),
        ("delivered", timeline.delivered_after),
        ("read", timeline.read_after),
    ] {
        sandbox.advance(at.saturating_sub(before));
        before = at;
        let answer = status(&sandbox, &id);
        assert_eq!(answer.status, 200);
        let data = answer.json()["data"].clone();
        assert_eq!(data["message_id"], id.as_str());
        assert_eq!(data["delivery_status"], word);
        assert_eq!(data["error_message"], Value::Null);
        assert_eq!(data["source"], "chat");
        assert_eq!(data["last_updated"], data["statuses"][word]);
        assert_eq!(data["statuses"]["failed"], Value::Null);
        reached.push(data["last_updated"].as_str().unwrap().to_owned());
    }
    assert!(reached.is_sorted(), "{reached:?}");
}

#[test]
fn numbers_are_validated_by_their_form() {
    let sandbox = sandbox();
    let validate = |phone: &str| post(&sandbox, "phone/validate", &json!({"phone_number": phone}));
    let good = validate("+49 170 1234567").json()["data"].clone();
    assert_eq!(
        good,
        json!({"phone": "+49 170 1234567", "phone_digits": "491701234567", "format_valid": true, "country_code": "49",
            "country": "Germany", "national_number": "1701234567", "e164": "+491701234567", "reason": null,
            "note": "Format check only. It does not tell whether the number is on WhatsApp."})
    );
    for phone in ["0170 1234567", "+491", "+999123456789", "+49170123456x"] {
        let answer = validate(phone);
        assert_eq!(answer.status, 200, "{phone}");
        let data = answer.json()["data"].clone();
        assert_eq!(
            (&data["format_valid"], &data["e164"]),
            (&json!(false), &Value::Null),
            "{phone}"
        );
        assert!(data["reason"].is_string(), "{phone}");
    }
    assert_eq!(post(&sandbox, "phone/validate", &json!({})).status, 422);
}
