//! `POST messages/template`: messages whose text WhatsApp approved beforehand.

use serde_json::Value;

use super::call::{Call, Passed};
use super::delivery::{Outgoing, deliver};
use super::{Answer, contact};
use crate::config::Ability;
use crate::laravel::{Errors, Input};

const PHONE_MIN: usize = 8;
const PHONE_MAX: usize = 15;
const LANGUAGE_MIN: usize = 2;
const LANGUAGE_MAX: usize = 10;
const DOCUMENT_NAME_MAX: usize = 255;
const FIELDS: usize = 10;
const MEDIA_HEADERS: [&str; 3] = [
    "header_image_url",
    "header_video_url",
    "header_document_url",
];

/// A template of the workspace.
struct Template {
    name: &'static str,
    language: &'static str,
    is_approved: bool,
    /// What stands above the body.
    header: Header,
    /// The body, with `{{1}}` to `{{n}}` for `field_1` to `field_n`.
    body: &'static str,
    fields: usize,
    /// How many buttons take a value.
    buttons: usize,
}

#[derive(PartialEq, Eq)]
enum Header {
    None,
    /// Takes `header_field_1`.
    Text,
    /// Takes one of the media URLs.
    Media,
}

const TEMPLATES: &[Template] = &[
    Template {
        name: "alert",
        language: "en_US",
        is_approved: true,
        header: Header::None,
        body: "Alert from {{1}}: {{2}} at {{3}}.",
        fields: 3,
        buttons: 0,
    },
    Template {
        name: "alert_with_header",
        language: "en_US",
        is_approved: true,
        header: Header::Text,
        body: "{{1}} reports {{2}}.",
        fields: 2,
        buttons: 0,
    },
    Template {
        name: "alert_with_image",
        language: "en_US",
        is_approved: true,
        header: Header::Media,
        body: "{{1}} saw this.",
        fields: 1,
        buttons: 0,
    },
    Template {
        name: "alert_with_buttons",
        language: "en_US",
        is_approved: true,
        header: Header::None,
        body: "{{1}} needs you. Acknowledge or look at it.",
        fields: 1,
        buttons: 2,
    },
    Template {
        name: "alert",
        language: "de",
        is_approved: true,
        header: Header::None,
        body: "Alarm von {{1}}: {{2}} um {{3}}.",
        fields: 3,
        buttons: 0,
    },
    Template {
        name: "hello_world",
        language: "en_US",
        is_approved: true,
        header: Header::None,
        body: "Welcome!",
        fields: 0,
        buttons: 0,
    },
    Template {
        name: "alert_pending",
        language: "en_US",
        is_approved: false,
        header: Header::None,
        body: "Alert: {{1}}",
        fields: 1,
        buttons: 0,
    },
];

pub(crate) async fn handle(call: Call) -> Result<Answer, Answer> {
    let passed = call.pass(Ability::Send)?;
    let answer = send(&passed);
    Ok(passed.finish(answer))
}

fn send(passed: &Passed) -> Answer {
    let input = &passed.input;
    let mut errors = Errors::default();
    errors
        .field("phone_number", input.value("phone_number"))
        .required()
        .string()
        .min(PHONE_MIN)
        .max(PHONE_MAX)
        .format(contact::is_international);
    errors
        .field("template_name", input.value("template_name"))
        .required()
        .string();
    errors
        .field("template_language", input.value("template_language"))
        .required()
        .string()
        .min(LANGUAGE_MIN)
        .max(LANGUAGE_MAX);
    check_values(input, &mut errors);
    contact::check(input, &mut errors);
    let template = chosen(input);
    match &template {
        Some(template) => check_fit(template, input, &mut errors),
        None if input.text("template_name").is_some() => errors.add(
            "template_name",
            "The selected template does not exist in this language or is not approved.".to_owned(),
        ),
        None => {}
    }
    let (true, Some(template)) = (errors.is_empty(), template) else {
        return Answer::invalid(&errors);
    };
    deliver(
        passed,
        &Outgoing {
            phone: input.text("phone_number").unwrap_or_default().to_owned(),
            echo: Some(filled(template, input)),
            is_template: true,
            refused_by_meta: values(input).any(is_refused_value),
        },
    )
}

fn chosen(input: &Input) -> Option<&'static Template> {
    let (name, language) = (
        input.text("template_name")?,
        input.text("template_language")?,
    );
    TEMPLATES.iter().find(|template| {
        template.name == name && template.language == language && template.is_approved
    })
}

/// Types and sizes, whatever the template.
fn check_values(input: &Input, errors: &mut Errors) {
    errors
        .field("from_phone_number_id", input.value("from_phone_number_id"))
        .string_or_integer();
    let given = MEDIA_HEADERS
        .iter()
        .filter(|key| input.value(key).is_some())
        .count();
    for key in MEDIA_HEADERS {
        errors
            .field(key, input.value(key))
            .prohibited_unless(given < 2, "it is the only header media")
            .string()
            .url();
    }
    errors
        .field("header_document_name", input.value("header_document_name"))
        .prohibited_unless(
            input.value("header_document_url").is_some(),
            "header document url is present",
        )
        .string()
        .max(DOCUMENT_NAME_MAX);
    for key in value_keys() {
        errors.field(&key, input.value(&key)).string();
    }
}

/// What the chosen template asks for. WhatsApp would refuse a wrong number of values; the API knows the template.
fn check_fit(template: &Template, input: &Input, errors: &mut Errors) {
    let named = format!("the template {} has it", template.name);
    let mut fit = |key: &str, wanted: bool| {
        errors
            .field(key, input.value(key))
            .required_when(wanted, &format!(" by the template {}", template.name))
            .prohibited_unless(wanted, &named);
    };
    fit("header_field_1", template.header == Header::Text);
    for number in 1..=FIELDS {
        fit(&format!("field_{number}"), number <= template.fields);
    }
    for number in 0..FIELDS {
        fit(&format!("button_{number}"), number < template.buttons);
    }
    let media = MEDIA_HEADERS.iter().find(|key| input.value(key).is_some());
    match (template.header == Header::Media, media) {
        (true, None) => fit("header_image_url", true),
        (false, Some(key)) => fit(key, false),
        _ => {}
    }
}

fn value_keys() -> impl Iterator<Item = String> {
    std::iter::once("header_field_1".to_owned())
        .chain((1..=FIELDS).map(|number| format!("field_{number}")))
        .chain((0..FIELDS).map(|number| format!("button_{number}")))
}

fn values(input: &Input) -> impl Iterator<Item = &str> {
    value_keys().filter_map(|key| input.value(&key).and_then(Value::as_str))
}

/// WhatsApp refuses values with a line break, a tab, or more than four spaces in a row.
fn is_refused_value(value: &str) -> bool {
    value.contains(['\n', '\r', '\t']) || value.contains("     ")
}

/// The body as the recipient reads it.
fn filled(template: &Template, input: &Input) -> String {
    // Filled from the template's own text piece by piece, so that a value that looks like a field stays as it is.
    let mut rest = template.body;
    let mut text = String::new();
    while let Some((before, from_field)) = rest.split_once("{{") {
        let (number, after) = from_field.split_once("}}").unwrap_or((from_field, ""));
        text.push_str(before);
        text.push_str(input.text(&format!("field_{number}")).unwrap_or_default());
        rest = after;
    }
    text + rest
}
