//! `POST messages/media`: a picture, document, video or sound that WhatsApp fetches from a URL.

use super::call::{Call, Passed};
use super::delivery::{Outgoing, deliver};
use super::{Answer, contact};
use crate::config::Ability;
use crate::laravel::Errors;

const PHONE_MIN: usize = 10;
const PHONE_MAX: usize = 15;
const CAPTION_MAX: usize = 1024;
const FILENAME_MAX: usize = 255;

pub(crate) async fn handle(call: Call) -> Result<Answer, Answer> {
    let passed = call.pass(Ability::Send)?;
    let answer = send(&passed);
    Ok(passed.finish(answer))
}

fn send(passed: &Passed) -> Answer {
    let input = &passed.input;
    let kind = input.text("media_type").unwrap_or_default();
    let mut errors = Errors::default();
    errors
        .field("phone_number", input.value("phone_number"))
        .required()
        .string()
        .min(PHONE_MIN)
        .max(PHONE_MAX)
        .format(contact::is_international);
    errors
        .field("media_type", input.value("media_type"))
        .required()
        .string()
        .one_of(&["image", "document", "video", "audio"]);
    errors
        .field("media_url", input.value("media_url"))
        .required()
        .string()
        .url();
    errors
        .field("caption", input.value("caption"))
        .prohibited_unless(kind != "audio", "media type is in image, document, video")
        .string()
        .max(CAPTION_MAX);
    errors
        .field("filename", input.value("filename"))
        .prohibited_unless(kind == "document", "media type is in document")
        .string()
        .max(FILENAME_MAX);
    contact::check(input, &mut errors);
    if !errors.is_empty() {
        return Answer::invalid(&errors);
    }
    deliver(
        passed,
        &Outgoing {
            phone: input.text("phone_number").unwrap_or_default().to_owned(),
            echo: None,
            is_template: false,
            refused_by_meta: false,
        },
    )
}
