//! What happens to a valid message: contact, window, the recipient's magic, acceptance, and the answer's shape.

use axum::http::{StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::answer::{Answer, Verdict};
use super::call::Passed;
use super::contact;
use crate::clock;
use crate::config::Window;
use crate::numbers::{self, Behaviour, Refusal, Shape};
use crate::sandbox::App;

/// A message whose fields are all valid.
pub(crate) struct Outgoing {
    pub(crate) phone: String,
    /// What the answer echoes as `message`; media have none.
    pub(crate) echo: Option<String>,
    pub(crate) is_template: bool,
    /// WhatsApp itself refuses this message, whoever it goes to.
    pub(crate) refused_by_meta: bool,
}

#[derive(Serialize)]
struct Sent<'a> {
    status: &'static str,
    message: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    message_id: &'a str,
    contact_id: u64,
    phone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    status: &'static str,
    sent_at: String,
    chat_id: u64,
    contact_created: bool,
}

/// Sends a message and answers.
pub(crate) fn deliver(passed: &Passed, outgoing: &Outgoing) -> Answer {
    let behaviour = numbers::behaviour(&outgoing.phone);
    if let Behaviour::Refused(refusal) = behaviour {
        return refuse(refusal);
    }
    if let Behaviour::Wire(fault) = behaviour
        && !fault.takes_request()
    {
        return Answer::json(StatusCode::OK, &json!({})).with_fault(fault);
    }
    // The contact is made before WhatsApp is asked, and stays whatever WhatsApp says.
    let (person, created) = passed
        .app
        .state()
        .contact(&outgoing.phone, contact::first_name(&passed.input));
    if outgoing.refused_by_meta {
        return Answer::failed_to_send();
    }
    let window = if outgoing.is_template {
        Some(true)
    } else {
        passed.app.state().wrote_recently(&outgoing.phone)
    };
    if !window.unwrap_or_else(|| is_open_to_strangers(&passed.app, &outgoing.phone, behaviour)) {
        return Answer::error(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Session not active — template required",
        );
    }
    let message = passed
        .app
        .state()
        .accept(&outgoing.phone, window == Some(true));
    let verdict = Verdict {
        accepted: true,
        message_id: Some(message.id.clone()),
        fault: if let Behaviour::Wire(fault) = behaviour {
            Some(fault)
        } else {
            None
        },
        warnings: warnings(passed),
    };
    let data = Data {
        message_id: &message.id,
        contact_id: person.id,
        phone: &person.phone,
        message: outgoing.echo.as_deref(),
        status: "sent",
        sent_at: clock::iso_8601(message.accepted_at),
        chat_id: person.chat_id,
        contact_created: created,
    };
    shaped(behaviour, data).with_verdict(verdict)
}

/// Whether a number that never wrote may be sent free-form messages.
fn is_open_to_strangers(app: &App, phone: &str, behaviour: Behaviour) -> bool {
    // Magic numbers keep their meaning under a strict window, else their failures could not be provoked.
    let is_closed_to_all = app.config.window == Window::Strict && !numbers::is_magic(phone);
    behaviour != Behaviour::WindowClosed && !is_closed_to_all
}

fn warnings(passed: &Passed) -> Vec<String> {
    passed
        .input
        .trimmed
        .iter()
        .map(|key| format!("{key}: trimmed before it was used"))
        .collect()
}

fn refuse(refusal: Refusal) -> Answer {
    let too_many = |body| Answer::json(StatusCode::TOO_MANY_REQUESTS, &body);
    match refusal {
        Refusal::Server => Answer::failed_to_send(),
        Refusal::RateLimited => Answer::too_many(45),
        Refusal::RateLimitedHeaderOnly => {
            too_many(json!({"message": "Too many requests"})).with_header(header::RETRY_AFTER, 45)
        }
        Refusal::RateLimitedText => {
            too_many(json!({"message": "Too many requests", "retry_after": "45"}))
        }
        Refusal::RateLimitedUnstated => too_many(json!({"message": "Too many requests"})),
        Refusal::PlanLimit => Answer::error(
            StatusCode::FORBIDDEN,
            "Your plan's message limit has been reached",
        ),
        Refusal::Token => Answer::error(StatusCode::UNAUTHORIZED, "Invalid API token"),
        Refusal::NotFound => Answer::error(StatusCode::NOT_FOUND, "Contact not found"),
        Refusal::Subdomain => Answer::wrong_subdomain(),
        Refusal::ErrorIn200 => Answer::error(StatusCode::OK, "Failed to send message"),
    }
}

fn shaped(behaviour: Behaviour, data: Data<'_>) -> Answer {
    let ok = |data| {
        Answer::json(
            StatusCode::OK,
            &json!({"status": "success", "message": "Message sent successfully", "data": data}),
        )
    };
    match behaviour {
        Behaviour::ErrorThoughSent => Answer::failed_to_send(),
        Behaviour::Shape(Shape::Newer) => ok(json!({
            "contact_id": data.contact_id,
            "chat_id": data.chat_id,
            "contact_created": data.contact_created,
            "whatsapp_response": {
                "messaging_product": "whatsapp",
                "contacts": [{"input": data.phone, "wa_id": data.phone.trim_start_matches('+')}],
                "messages": [{"id": data.message_id, "message_status": "accepted"}],
            },
        })),
        Behaviour::Shape(Shape::WithoutId) => {
            ok(json!({"phone": data.phone, "contact_id": data.contact_id}))
        }
        Behaviour::Shape(Shape::NullId) => {
            ok(json!({"message_id": null, "phone": data.phone, "whatsapp_response": null}))
        }
        Behaviour::Shape(Shape::Odd) => Answer::json(StatusCode::OK, &Odd::around(&data)),
        _ => Answer::json(
            StatusCode::OK,
            &Sent {
                status: "success",
                message: "Message sent successfully",
                data,
            },
        ),
    }
}

/// What the documentation does not rule out: the id last, the status after the data, nulls and unknown members.
#[derive(Serialize)]
struct Odd<'a> {
    meta: serde_json::Value,
    data: OddData<'a>,
    message: Option<&'static str>,
    status: &'static str,
}

#[derive(Serialize)]
struct OddData<'a> {
    contact: serde_json::Value,
    contact_id: Option<u64>,
    chat_id: Option<u64>,
    phone: Option<&'a str>,
    message: Option<&'a str>,
    sent_at: Option<&'a str>,
    message_id: &'a str,
}

impl<'a> Odd<'a> {
    fn around(data: &Data<'a>) -> Self {
        Self {
            meta: json!({"message_id": "not this one", "status": ["error"], "data": {"message_id": "nor this"}}),
            data: OddData {
                contact: json!({"id": data.contact_id, "message_id": "nor this"}),
                contact_id: None,
                chat_id: None,
                phone: None,
                message: data.message,
                sent_at: None,
                message_id: data.message_id,
            },
            message: None,
            status: "success",
        }
    }
}
