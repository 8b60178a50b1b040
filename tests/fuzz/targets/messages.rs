//! Messages against `serde_json`: whatever the texts, a body is exactly the intended value, however it is made.

#![no_main]
#![allow(clippy::expect_used, clippy::indexing_slicing)] // A finding is a panic.

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde_json::{Map, Value, json};
use xobito_core::limits::BODY_MAX;
use xobito_core::message::{
    ButtonMessage, Contact, Groups, InvalidMessage, Media, MediaMessage, ReplyButton, ReplyButtons,
    TemplateHeader, TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::{E164, Message, Piece, RequestError, Streamed, Text, encode};

fuzz_target!(|data: &[u8]| {
    // Where the bytes do not last for a message, there is nothing to check.
    let _ = check(&mut Unstructured::new(data));
});

fn check(input: &mut Unstructured<'_>) -> Result<()> {
    let number = format!(
        "+{}",
        input.int_in_range(10_000_000..=999_999_999_999_999_u64)?
    );
    let Ok(to) = E164::new(&number) else {
        unreachable!("{number} is well-formed")
    };
    let kind = input.int_in_range(0..=4)?;
    let piece = input.int_in_range(1..=64)?;
    let contact = PlannedContact::arbitrary(input)?;
    let mut value = json!({"phone_number": number});
    contact.with(|contact, meant| {
        if let Some(meant) = meant {
            value["contact"] = meant;
        }
        match kind {
            0 => text(input, &to, contact, value, piece),
            1 => buttons(input, &to, contact, value, piece),
            2 => url(input, &to, contact, value, piece),
            3 => template(input, &to, value, piece),
            _ => media(input, &to, contact, value, piece),
        }
    })
}

fn text(
    input: &mut Unstructured<'_>,
    to: &E164,
    contact: &Contact<'_>,
    mut value: Value,
    piece: usize,
) -> Result<()> {
    let (number, body) = <(Option<i64>, &str)>::arbitrary(input)?;
    let parts = [Piece::Str(body), Piece::Int(number.unwrap_or_default())];
    let (text, meant) = match number {
        Some(number) => (Text::from(&parts[..]), format!("{body}{number}")),
        None => (Text::from(body), body.to_owned()),
    };
    value["message_type"] = json!("text");
    value["message_body"] = json!(meant);
    let message = TextMessage::new(to, text).contact(contact);
    let outcome = holds(&message, &value, piece);
    let is_blank = meant.bytes().all(|byte| byte.is_ascii_whitespace());
    let is_fine = !is_blank && meant.chars().count() <= BODY_MAX;
    let names_a_group = value["contact"]["groups"][0].is_string();
    assert!(outcome == is_fine || !outcome && names_a_group, "{meant:?}");
    Ok(())
}

fn buttons(
    input: &mut Unstructured<'_>,
    to: &E164,
    contact: &Contact<'_>,
    mut value: Value,
    piece: usize,
) -> Result<()> {
    let (body, header, footer) = <(&str, Option<&str>, Option<&str>)>::arbitrary(input)?;
    let texts = <[(&str, &str); 3]>::arbitrary(input)?;
    let count = input.int_in_range(1..=3)?;
    let buttons = texts.map(|(id, title)| ReplyButton { id, title });
    let buttons = &buttons[..count];
    let Ok(chosen) = ReplyButtons::try_from(buttons) else {
        unreachable!("{count} buttons are allowed")
    };
    value["message_type"] = json!("interactive");
    value["message_body"] = json!(body);
    let meant = buttons
        .iter()
        .map(|button| json!({"id": button.id, "title": button.title}));
    value["buttons"] = meant.collect();
    let mut message = ButtonMessage::new(to, body, chosen).contact(contact);
    if let Some(header) = header {
        value["header"] = json!(header);
        message = message.header(header);
    }
    if let Some(footer) = footer {
        value["footer"] = json!(footer);
        message = message.footer(footer);
    }
    holds(&message, &value, piece);
    Ok(())
}

fn url(
    input: &mut Unstructured<'_>,
    to: &E164,
    contact: &Contact<'_>,
    mut value: Value,
    piece: usize,
) -> Result<()> {
    let (body, label, path) = <(&str, &str, &str)>::arbitrary(input)?;
    let url = format!("https://plant.example/{path}");
    value["message_type"] = json!("cta_url");
    value["message_body"] = json!(body);
    value["button_text"] = json!(label);
    value["button_url"] = json!(url);
    holds(
        &UrlMessage::new(to, body, label, &url).contact(contact),
        &value,
        piece,
    );
    Ok(())
}

fn template(input: &mut Unstructured<'_>, to: &E164, mut value: Value, piece: usize) -> Result<()> {
    if let Some(members) = value.as_object_mut() {
        members.remove("contact"); // A template has none.
    }
    let (name, language, header) = <(&str, &str, Option<&str>)>::arbitrary(input)?;
    let (fields, buttons) = <(Vec<&str>, Vec<Option<&str>>)>::arbitrary(input)?;
    value["template_name"] = json!(name);
    value["template_language"] = json!(language);
    for (at, field) in fields.iter().enumerate() {
        value[format!("field_{}", at + 1)] = json!(field);
    }
    for (at, button) in buttons.iter().enumerate() {
        if let Some(button) = button {
            value[format!("button_{at}")] = json!(button);
        }
    }
    let fields: Vec<Text<'_>> = fields.into_iter().map(Text::from).collect();
    let buttons: Vec<Option<Text<'_>>> = buttons
        .into_iter()
        .map(|button| button.map(Text::from))
        .collect();
    let mut message = TemplateMessage::new(to, name, language)
        .fields(&fields)
        .buttons(&buttons);
    if let Some(header) = header {
        value["header_field_1"] = json!(header);
        message = message.header(TemplateHeader::Field(header.into()));
    }
    holds(&message, &value, piece);
    Ok(())
}

fn media(
    input: &mut Unstructured<'_>,
    to: &E164,
    contact: &Contact<'_>,
    mut value: Value,
    piece: usize,
) -> Result<()> {
    let url = "https://plant.example/plan.pdf";
    let (caption, filename) = <(Option<&str>, Option<&str>)>::arbitrary(input)?;
    let (kind, media) = match input.int_in_range(0..=3)? {
        0 => (
            "image",
            Media::Image {
                url,
                caption: caption.map(Text::from),
            },
        ),
        1 => (
            "video",
            Media::Video {
                url,
                caption: caption.map(Text::from),
            },
        ),
        2 => ("audio", Media::Audio { url }),
        _ => (
            "document",
            Media::Document {
                url,
                caption: caption.map(Text::from),
                filename,
            },
        ),
    };
    value["media_type"] = json!(kind);
    value["media_url"] = json!(url);
    if let Some(caption) = caption.filter(|_| kind != "audio") {
        value["caption"] = json!(caption);
    }
    if let Some(filename) = filename.filter(|_| kind == "document") {
        value["filename"] = json!(filename);
    }
    holds(
        &MediaMessage::new(to, media).contact(contact),
        &value,
        piece,
    );
    Ok(())
}

/// Holds every way of encoding a message against what it means; whether it is one that the API takes.
fn holds<M: Message + Serialize>(message: &M, value: &Value, piece: usize) -> bool {
    let mut buffer = vec![0; 1 << 18];
    let body = match encode(message, &mut buffer) {
        Ok(request) => request.body(),
        Err(RequestError::Invalid(error)) => {
            refused(message, error);
            return false;
        }
        Err(error) => unreachable!("{error}"),
    };
    assert_eq!(
        serde_json::from_slice::<Value>(body).ok().as_ref(),
        Some(value)
    );
    assert_eq!(serde_json::to_vec(message).ok().as_deref(), Some(body));
    let capacity = body.len() - 1;
    let too_small = encode(message, &mut vec![0; capacity]).err();
    let needed = body.len();
    assert_eq!(
        too_small,
        Some(RequestError::BufferTooSmall { capacity, needed })
    );
    let mut streamed = Streamed::new(message).expect("it was encoded");
    assert_eq!(streamed.content_length(), body.len());
    let (mut piece, mut pieces) = (vec![0; piece], Vec::new());
    while let Some(bytes) = streamed.next_piece(&mut piece).expect("it does not change") {
        pieces.extend_from_slice(bytes);
    }
    assert_eq!(pieces, body);
    true
}

/// Every way of encoding refuses it alike.
fn refused<M: Message + Serialize>(message: &M, error: InvalidMessage) {
    assert_eq!(Streamed::new(message).err(), Some(error));
    assert!(serde_json::to_vec(message).is_err());
}

#[derive(Arbitrary)]
struct PlannedContact<'a> {
    firstname: Option<&'a str>,
    email: Option<&'a str>,
    assigned_id: Option<u64>,
    names: Option<Vec<&'a str>>,
    ids: Option<Vec<u64>>,
}

impl PlannedContact<'_> {
    /// Calls `then` with the contact and with what it means, if it says anything.
    fn with<R>(&self, then: impl FnOnce(&Contact<'_>, Option<Value>) -> R) -> R {
        let names = self.names.as_deref().map(Groups::Names);
        let groups = names.or_else(|| self.ids.as_deref().map(Groups::Ids));
        let contact = Contact {
            firstname: self.firstname,
            email: self.email,
            assigned_id: self.assigned_id,
            groups,
            ..Contact::default()
        };
        let mut meant = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            meant.extend(value.map(|value| (key.to_owned(), value)));
        };
        put("firstname", self.firstname.map(|text| json!(text)));
        put("email", self.email.map(|text| json!(text)));
        put("assigned_id", self.assigned_id.map(|id| json!(id)));
        let names = self.names.as_ref().map(|names| json!(names));
        put(
            "groups",
            names.or_else(|| self.ids.as_ref().map(|ids| json!(ids))),
        );
        then(
            &contact,
            (!meant.is_empty()).then_some(Value::Object(meant)),
        )
    }
}
