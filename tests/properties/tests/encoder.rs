//! Whatever the message: its body is exactly the intended JSON value, however it is made.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::{E164, Message, Piece, Request, RequestError, Streamed, Text};
use xobito_properties::texts::{filled, number, template_value, text, url};

/// Holds every way of encoding a message against the value it means.
fn check<M: Message + Serialize>(message: &M, expected: &Value, piece_len: usize) {
    let request = Request::<8192>::new(message).unwrap();
    let body = std::str::from_utf8(request.body()).unwrap();
    assert_eq!(
        &serde_json::from_str::<Value>(body).unwrap(),
        expected,
        "{body}"
    );

    let mut streamed = Streamed::new(message).unwrap();
    assert_eq!(streamed.content_length(), body.len());
    let mut piece = vec![0; piece_len];
    let mut pieces = Vec::new();
    while let Some(bytes) = streamed.next_piece(&mut piece).unwrap() {
        assert!(
            bytes.len() == piece_len || pieces.len() + bytes.len() == body.len(),
            "only the last piece is short"
        );
        pieces.extend_from_slice(bytes);
    }
    assert_eq!(pieces, body.as_bytes(), "streamed pieces of {piece_len}");
    streamed.rewind();
    let mut written = Vec::new();
    streamed
        .write_to(&mut Sink(&mut written), &mut piece)
        .unwrap();
    assert_eq!(written, body.as_bytes(), "written through embedded-io");

    // The same members in the same order; only the spelling of escapes may differ.
    assert_eq!(
        &serde_json::to_value(message).unwrap(),
        expected,
        "Serialize to a value"
    );
    let spelled = serde_json::to_string(message).unwrap();
    assert_eq!(spelled, body, "Serialize to text");
    let mut buffer = vec![0; 16384];
    let len = serde_json_core::to_slice(message, &mut buffer).unwrap();
    assert_eq!(
        &serde_json::from_slice::<Value>(&buffer[..len]).unwrap(),
        expected,
        "serde-json-core"
    );
}

struct Sink<'a>(&'a mut Vec<u8>);

impl embedded_io::ErrorType for Sink<'_> {
    type Error = std::convert::Infallible;
}

impl embedded_io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        let taken = bytes.len().min(3); // a writer may take less than it is given
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[derive(Clone, Debug)]
struct ContactParts {
    texts: [Option<String>; 4],
    assigned_id: Option<u64>,
    groups: Option<Result<Vec<String>, Vec<u64>>>,
}

const CONTACT_KEYS: [&str; 4] = ["firstname", "lastname", "email", "country"];

fn contact() -> impl Strategy<Value = ContactParts> {
    let texts = [
        option::of(text(0..8)),
        option::of(text(0..8)),
        option::of(text(0..8)),
        option::of(text(0..8)),
    ];
    let groups = prop_oneof![
        vec(filled(1..=6), 0..3).prop_map(Ok),
        vec(any::<u64>(), 0..3).prop_map(Err)
    ];
    (texts, option::of(any::<u64>()), option::of(groups)).prop_map(
        |(texts, assigned_id, groups)| ContactParts {
            texts,
            assigned_id,
            groups,
        },
    )
}

impl ContactParts {
    /// Calls `then` with the contact and the value it means, if it says anything.
    fn with(&self, then: impl FnOnce(&Contact<'_>, Option<Value>)) {
        let [firstname, lastname, email, country] = self.texts.each_ref().map(Option::as_deref);
        let names: Vec<&str> = self
            .groups
            .iter()
            .filter_map(|groups| groups.as_ref().ok())
            .flatten()
            .map(String::as_str)
            .collect();
        let groups = self.groups.as_ref().map(|groups| match groups {
            Ok(_) => Groups::Names(&names),
            Err(ids) => Groups::Ids(ids),
        });
        let contact = Contact {
            firstname,
            lastname,
            email,
            country,
            assigned_id: self.assigned_id,
            groups,
        };
        let mut value = Map::new();
        for (key, text) in CONTACT_KEYS.into_iter().zip(&self.texts) {
            value.extend(text.as_ref().map(|text| (key.into(), json!(text))));
        }
        value.extend(self.assigned_id.map(|id| ("assigned_id".into(), json!(id))));
        value.extend(self.groups.as_ref().map(|groups| {
            (
                "groups".into(),
                groups
                    .as_ref()
                    .map_or_else(|ids| json!(ids), |names| json!(names)),
            )
        }));
        then(
            &contact,
            (!value.is_empty()).then_some(Value::Object(value)),
        );
    }
}

/// Adds what is there.
fn add(value: &mut Value, key: &str, member: Option<impl Into<Value>>) {
    if let Some(member) = member {
        value
            .as_object_mut()
            .unwrap()
            .insert(key.into(), member.into());
    }
}

proptest! {
    #[test]
    fn a_text_message_means_what_was_given(
        to in number(), body in filled(1..=200), contact in option::of(contact()), piece_len in 1..700_usize,
    ) {
        let number = E164::new(&to).unwrap();
        let mut expected = json!({"phone_number": to, "message_body": body, "message_type": "text"});
        match contact {
            None => check(&TextMessage::new(&number, &*body), &expected, piece_len),
            Some(parts) => parts.with(|contact, value| {
                add(&mut expected, "contact", value);
                check(&TextMessage::new(&number, &*body).contact(contact), &expected, piece_len);
            }),
        }
    }

    #[test]
    fn text_is_the_same_from_a_string_from_format_args_and_from_pieces(
        to in number(), before in text(0..20), value in any::<i64>(), after in filled(1..=20),
    ) {
        let to = E164::new(&to).unwrap();
        let whole = format!("{before}{value}{after}");
        let from_str = Request::<1024>::new(&TextMessage::new(&to, &*whole)).unwrap();
        let from_args =
            Request::<1024>::new(&TextMessage::new(&to, format_args!("{before}{value}{after}"))).unwrap();
        let pieces = [Piece::Str(&before), Piece::Int(value), Piece::Str(&after)];
        let from_pieces = Request::<1024>::new(&TextMessage::new(&to, &pieces[..])).unwrap();
        prop_assert_eq!(from_str.body(), from_args.body());
        prop_assert_eq!(from_str.body(), from_pieces.body());
    }

    #[test]
    fn a_message_with_buttons_means_what_was_given(
        to in number(), body in filled(1..=80), header in option::of(filled(1..=60)), footer in option::of(filled(1..=60)),
        mut buttons in vec((filled(1..=30), filled(1..=18)), 1..=3), contact in contact(), piece_len in 1..300_usize,
    ) {
        for (at, (id, title)) in buttons.iter_mut().enumerate() {
            *id = format!("{at}{id}.");
            *title = format!("{at}{title}");
        }
        let number = E164::new(&to).unwrap();
        let list: Vec<_> = buttons.iter().map(|(id, title)| ReplyButton { id, title }).collect();
        let mut expected = json!({
            "phone_number": to, "message_body": body, "message_type": "interactive",
            "buttons": buttons.iter().map(|(id, title)| json!({"id": id, "title": title})).collect::<Vec<_>>(),
        });
        add(&mut expected, "header", header.clone());
        add(&mut expected, "footer", footer.clone());
        contact.with(|contact, value| {
            add(&mut expected, "contact", value);
            let list = ReplyButtons::try_from(&list[..]).unwrap();
            let mut message = ButtonMessage::new(&number, &*body, list).contact(contact);
            if let Some(header) = &header {
                message = message.header(&**header);
            }
            if let Some(footer) = &footer {
                message = message.footer(&**footer);
            }
            check(&message, &expected, piece_len);
        });
    }

    #[test]
    fn a_message_with_a_url_means_what_was_given(
        to in number(), body in filled(1..=80), label in filled(1..=20), url in url(),
        header in option::of(filled(1..=60)), piece_len in 1..300_usize,
    ) {
        let number = E164::new(&to).unwrap();
        let mut expected = json!({
            "phone_number": to, "message_body": body, "message_type": "cta_url", "button_text": label, "button_url": url,
        });
        add(&mut expected, "header", header.clone());
        let mut message = UrlMessage::new(&number, &*body, &label, &url);
        if let Some(header) = &header {
            message = message.header(&**header);
        }
        check(&message, &expected, piece_len);
    }

    #[test]
    fn a_template_means_what_was_given(
        to in number(), name in "[a-z_]{1,20}", language in "[a-z]{2}(_[A-Z]{2})?", sender in option::of("[0-9]{1,16}"),
        header in 0..5_u8, header_value in template_value(), url in url(), document in option::of(filled(1..=40)),
        fields in vec(template_value(), 0..=10), buttons in vec(option::of(template_value()), 0..=10),
        piece_len in 1..600_usize,
    ) {
        let number = E164::new(&to).unwrap();
        let mut expected = json!({"phone_number": to, "template_name": name, "template_language": language});
        add(&mut expected, "from_phone_number_id", sender.clone());
        let values: Vec<Text> = fields.iter().map(|field| Text::from(&**field)).collect();
        let button_values: Vec<Option<Text>> = buttons.iter().map(|value| value.as_deref().map(Text::from)).collect();
        let mut message = TemplateMessage::new(&number, &name, &language).fields(&values).buttons(&button_values);
        if let Some(sender) = &sender {
            message = message.from_phone_number_id(sender);
        }
        match header {
            0 => {}
            1 => {
                message = message.header(TemplateHeader::Field((&*header_value).into()));
                add(&mut expected, "header_field_1", Some(header_value.clone()));
            }
            2 => {
                message = message.header(TemplateHeader::Image(&url));
                add(&mut expected, "header_image_url", Some(url.clone()));
            }
            3 => {
                message = message.header(TemplateHeader::Video(&url));
                add(&mut expected, "header_video_url", Some(url.clone()));
            }
            _ => {
                message = message.header(TemplateHeader::Document { url: &url, name: document.as_deref() });
                add(&mut expected, "header_document_url", Some(url.clone()));
                add(&mut expected, "header_document_name", document.clone());
            }
        }
        for (number, field) in (1..).zip(&fields) {
            add(&mut expected, &format!("field_{number}"), Some(field.clone()));
        }
        for (number, value) in buttons.iter().enumerate() {
            add(&mut expected, &format!("button_{number}"), value.clone());
        }
        check(&message, &expected, piece_len);
    }

    #[test]
    fn a_file_means_what_was_given(
        to in number(), kind in 0..4_u8, url in url(), caption in option::of(filled(1..=60)),
        filename in option::of(filled(1..=40)), contact in contact(), piece_len in 1..300_usize,
    ) {
        let number = E164::new(&to).unwrap();
        let text = caption.as_deref().map(Text::from);
        let (name, media) = match kind {
            0 => ("image", Media::Image { url: &url, caption: text }),
            1 => ("video", Media::Video { url: &url, caption: text }),
            2 => ("document", Media::Document { url: &url, caption: text, filename: filename.as_deref() }),
            _ => ("audio", Media::Audio { url: &url }),
        };
        let mut expected = json!({"phone_number": to, "media_type": name, "media_url": url});
        add(&mut expected, "caption", caption.clone().filter(|_| kind < 3));
        add(&mut expected, "filename", filename.clone().filter(|_| kind == 2));
        contact.with(|contact, value| {
            add(&mut expected, "contact", value);
            check(&MediaMessage::new(&number, media).contact(contact), &expected, piece_len);
        });
    }

    #[test]
    fn a_buffer_that_is_too_small_is_told_the_size_that_fits(to in number(), body in filled(1..=150)) {
        let to = E164::new(&to).unwrap();
        let message = TextMessage::new(&to, &*body);
        let needed = Streamed::new(&message).unwrap().content_length();
        match Request::<128>::new(&message) {
            Ok(request) => prop_assert_eq!(request.body().len(), needed),
            Err(error) => {
                prop_assert!(needed > 128);
                prop_assert_eq!(error, RequestError::BufferTooSmall { capacity: 128, needed });
            }
        }
    }
}
