//! The optional `contact` of a message, and the form of a phone number.

use crate::laravel::{Errors, Input};

/// Runs the rules of `contact` and its members.
pub(crate) fn check(input: &Input, errors: &mut Errors) {
    let contact = input.value("contact");
    errors.field("contact", contact).array();
    let member = |name: &str| contact.and_then(|contact| contact.get(name));
    for name in ["firstname", "lastname", "country"] {
        errors
            .field(&format!("contact.{name}"), member(name))
            .string();
    }
    errors
        .field("contact.email", member("email"))
        .string()
        .email();
    errors
        .field("contact.assigned_id", member("assigned_id"))
        .integer();
    let groups = errors
        .field("contact.groups", member("groups"))
        .array()
        .items();
    for (index, group) in groups.iter().enumerate() {
        let field = errors
            .field(&format!("contact.groups.{index}"), Some(group))
            .required();
        // Names and numbers of groups have both been seen.
        if group.is_number() {
            field.integer()
        } else {
            field.string()
        };
    }
}

/// The first name that a new contact gets, if one is given.
pub(crate) fn first_name(input: &Input) -> Option<&str> {
    input.value("contact")?.get("firstname")?.as_str()
}

/// `+`, then digits of which the first is not 0. How many is up to each endpoint.
pub(crate) fn is_international(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
            && !digits.is_empty()
    })
}

/// E.164: `+` and 8 to 15 digits, the first of which is not 0.
pub(crate) fn is_e164(phone: &str) -> bool {
    is_international(phone) && (9..=16).contains(&phone.len())
}
