//! `POST phone/validate`: whether a number has the form of one. Nobody is asked whether it is on WhatsApp.

use axum::http::StatusCode;
use serde::Serialize;

use super::call::{Call, Passed};
use super::contact::is_e164;
use super::{Answer, countries};
use crate::config::Ability;
use crate::laravel::Errors;
use crate::numbers::{Behaviour, behaviour};

#[derive(Serialize)]
struct Validated<'a> {
    status: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    phone: &'a str,
    phone_digits: String,
    format_valid: bool,
    country_code: Option<&'a str>,
    country: Option<&'a str>,
    national_number: Option<String>,
    e164: Option<String>,
    reason: Option<&'static str>,
    note: &'static str,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Answer> {
    let passed = call.pass(Ability::Validate)?;
    let answer = validate(&passed);
    Ok(passed.finish(answer))
}

fn validate(passed: &Passed) -> Answer {
    let input = &passed.input;
    let mut errors = Errors::default();
    errors
        .field("phone_number", input.value("phone_number"))
        .required()
        .string();
    let Some(phone) = input.text("phone_number").filter(|_| errors.is_empty()) else {
        return Answer::invalid(&errors);
    };
    let compact: String = phone.chars().filter(|c| !" -().".contains(*c)).collect();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let country = countries::of(&digits);
    let reason = if !compact.starts_with('+') {
        Some("The number must begin with + and the country code")
    } else if !is_e164(&compact) {
        Some("The number must have 8 to 15 digits")
    } else if country.is_none() {
        Some("The country code is unknown")
    } else {
        None
    };
    let valid = country.filter(|_| reason.is_none());
    let data = Data {
        phone,
        format_valid: valid.is_some(),
        country_code: valid.map(|(code, _)| code),
        country: valid.map(|(_, name)| name),
        national_number: valid
            .and_then(|(code, _)| digits.strip_prefix(code))
            .map(str::to_owned),
        e164: valid.map(|_| compact.clone()),
        phone_digits: digits,
        reason,
        note: "Format check only. It does not tell whether the number is on WhatsApp.",
    };
    let answer = Answer::json(
        StatusCode::OK,
        &Validated {
            status: "success",
            data,
        },
    );
    match behaviour(&compact) {
        Behaviour::Wire(fault) => answer.with_fault(fault),
        _ => answer,
    }
}
