//! `POST messages/send`: text, reply buttons, URL button.

use std::collections::HashSet;

use serde_json::Value;

use super::call::{Call, Passed};
use super::delivery::{Outgoing, deliver};
use super::{Answer, contact};
use crate::config::Ability;
use crate::laravel::{Errors, Input};

const BODY_MAX: usize = 4096;
/// What WhatsApp takes as the body of a message with buttons, although the API documents more.
const META_INTERACTIVE_BODY_MAX: usize = 1024;
const HEADER_MAX: usize = 60;
const FOOTER_MAX: usize = 60;
const BUTTONS_MAX: usize = 3;
const BUTTON_ID_MAX: usize = 256;
const BUTTON_TITLE_MAX: usize = 20;

pub(crate) async fn handle(call: Call) -> Result<Answer, Answer> {
    let passed = call.pass(Ability::Send)?;
    let answer = send(&passed);
    Ok(passed.finish(answer))
}

fn send(passed: &Passed) -> Answer {
    let input = &passed.input;
    let kind = input.text("message_type").unwrap_or("text");
    let mut errors = Errors::default();
    errors
        .field("phone_number", input.value("phone_number"))
        .required()
        .string()
        .format(contact::is_e164);
    errors
        .field("message_body", input.value("message_body"))
        .required()
        .string()
        .max(BODY_MAX);
    errors
        .field("message_type", input.value("message_type"))
        .string()
        .one_of(&["text", "interactive", "cta_url"]);
    check_framing(input, kind, &mut errors);
    check_buttons(input, kind, &mut errors);
    check_url_button(input, kind, &mut errors);
    contact::check(input, &mut errors);
    if !errors.is_empty() {
        return Answer::invalid(&errors);
    }
    let body = input.text("message_body").unwrap_or_default();
    deliver(
        passed,
        &Outgoing {
            phone: input.text("phone_number").unwrap_or_default().to_owned(),
            echo: Some(body.to_owned()),
            is_template: false,
            refused_by_meta: kind != "text" && body.chars().count() > META_INTERACTIVE_BODY_MAX
                || kind == "interactive" && has_twins(input),
        },
    )
}

fn check_framing(input: &Input, kind: &str, errors: &mut Errors) {
    for (key, limit) in [("header", HEADER_MAX), ("footer", FOOTER_MAX)] {
        errors
            .field(key, input.value(key))
            .prohibited_unless(kind != "text", "message type is in interactive, cta_url")
            .string()
            .max(limit);
    }
}

fn check_buttons(input: &Input, kind: &str, errors: &mut Errors) {
    let interactive = kind == "interactive";
    let buttons = errors
        .field("buttons", input.value("buttons"))
        .prohibited_unless(interactive, "message type is in interactive")
        .required_when(interactive, " when message type is interactive")
        .list()
        .max_items(BUTTONS_MAX)
        .items();
    for (index, button) in buttons.iter().enumerate() {
        for (name, limit) in [("id", BUTTON_ID_MAX), ("title", BUTTON_TITLE_MAX)] {
            errors
                .field(&format!("buttons.{index}.{name}"), button.get(name))
                .required()
                .string()
                .max(limit);
        }
    }
}

fn check_url_button(input: &Input, kind: &str, errors: &mut Errors) {
    let cta = kind == "cta_url";
    let (allowed, when) = (
        "message type is in cta_url",
        " when message type is cta_url",
    );
    errors
        .field("button_text", input.value("button_text"))
        .prohibited_unless(cta, allowed)
        .required_when(cta, when)
        .string()
        .max(BUTTON_TITLE_MAX);
    errors
        .field("button_url", input.value("button_url"))
        .prohibited_unless(cta, allowed)
        .required_when(cta, when)
        .string()
        .url();
}

/// Whether two buttons share an id or a title, which only WhatsApp checks.
fn has_twins(input: &Input) -> bool {
    let buttons = input
        .value("buttons")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    ["id", "title"].iter().any(|name| {
        let mut seen = HashSet::new();
        buttons
            .iter()
            .filter_map(|button| button.get(name)?.as_str())
            .any(|text| !seen.insert(text))
    })
}
