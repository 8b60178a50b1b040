//! What each kind of message says to the API, to the letter.

use super::*;

/// The body; the same in pieces, and as any serializer of serde writes it.
#[cfg(all(feature = "settings", not(miri)))]
fn body(message: &(impl Message + serde::Serialize)) -> String {
    let body = encoded(message);
    let mut room = [0; 1024];
    let len = serde_json_core::to_slice(message, &mut room).unwrap();
    assert_eq!(core::str::from_utf8(&room[..len]), Ok(&*body));
    body
}

#[cfg(any(not(feature = "settings"), miri))]
fn body(message: &impl Message) -> String {
    encoded(message)
}

fn encoded(message: &impl Message) -> String {
    let request = Request::<1024>::new(message).unwrap();
    // Miri, for which each piece is hard work, is given few of them.
    let sizes: &[usize] = if cfg!(miri) { &[100] } else { &[7, 40, 100] };
    for size in sizes {
        let mut streamed = Streamed::new(message).unwrap();
        assert_eq!(streamed.content_length(), request.body().len());
        let (mut pieces, mut room) = (Vec::new(), [0; 100]);
        while let Some(piece) = streamed.next_piece(&mut room[..*size]).unwrap() {
            pieces.extend_from_slice(piece);
        }
        assert_eq!(pieces, request.body(), "in pieces of {size} bytes");
    }
    String::from_utf8(request.body().to_vec()).unwrap()
}

const CONTACT: Contact<'_> = Contact {
    firstname: Some("Ada"),
    lastname: Some("Lovelace"),
    email: Some("ada@plant.example"),
    country: Some("GB"),
    assigned_id: Some(1815),
    groups: Some(Groups::Names(&["on call", "pumps"])),
};

#[test]
fn a_text_may_say_who_the_recipient_is() {
    assert_eq!(
        body(&TextMessage::new(&TO, "Pump \"7\"\u{1} is\nhot").contact(&CONTACT)),
        r#"{"phone_number":"+14155551234","message_body":"Pump \"7\"\u0001 is\nhot","message_type":"text","contact":{"firstname":"Ada","lastname":"Lovelace","email":"ada@plant.example","country":"GB","assigned_id":1815,"groups":["on call","pumps"]}}"#
    );
    let contact = Contact {
        groups: Some(Groups::Ids(&[7, u64::MAX])),
        ..Contact::default()
    };
    assert_eq!(
        body(&TextMessage::new(&TO, -7).contact(&contact)),
        r#"{"phone_number":"+14155551234","message_body":"-7","message_type":"text","contact":{"groups":[7,18446744073709551615]}}"#
    );
}

#[test]
fn what_a_contact_is_called_may_be_empty() {
    let contact = Contact {
        firstname: Some(""),
        ..Contact::default()
    };
    assert!(
        body(&TextMessage::new(&TO, "x").contact(&contact))
            .ends_with(r#","contact":{"firstname":""}}"#)
    );
}

#[test]
fn interactive_messages_have_buttons_or_a_url() {
    let buttons = [button("stop", "Stop"), button("go", "Go on")];
    let message = ButtonMessage::new(&TO, "Pump 7 is hot", buttons);
    assert_eq!(
        body(&message.header("Plant").footer("Hall 3").contact(&CONTACT))
            .split(r#","contact":{"#)
            .next(),
        Some(
            r#"{"phone_number":"+14155551234","message_body":"Pump 7 is hot","message_type":"interactive","header":"Plant","footer":"Hall 3","buttons":[{"id":"stop","title":"Stop"},{"id":"go","title":"Go on"}]"#
        )
    );
    let message = UrlMessage::new(&TO, "Pump 7 is hot", "Open", URL);
    assert_eq!(
        body(&message.header("Plant").footer("Hall 3").contact(&CONTACT))
            .split(r#","contact":{"#)
            .next(),
        Some(
            r#"{"phone_number":"+14155551234","message_body":"Pump 7 is hot","message_type":"cta_url","header":"Plant","footer":"Hall 3","button_text":"Open","button_url":"https://plant.example/7""#
        )
    );
}

#[test]
fn a_template_names_its_values_by_their_place() {
    let fields: Vec<_> = (1..=10).map(Text::from).collect();
    let mut buttons: Vec<_> = (10..20).map(|value| Some(Text::from(value))).collect();
    let message = TemplateMessage::new(&TO, "freezer_open", "en_US");
    assert_eq!(
        body(&message.fields(&fields).buttons(&buttons)),
        r#"{"phone_number":"+14155551234","template_name":"freezer_open","template_language":"en_US","field_1":"1","field_2":"2","field_3":"3","field_4":"4","field_5":"5","field_6":"6","field_7":"7","field_8":"8","field_9":"9","field_10":"10","button_0":"10","button_1":"11","button_2":"12","button_3":"13","button_4":"14","button_5":"15","button_6":"16","button_7":"17","button_8":"18","button_9":"19"}"#
    );
    buttons.truncate(3);
    buttons[1] = None;
    let header = TemplateHeader::Field("Plant".into());
    assert_eq!(
        body(
            &message
                .header(header)
                .buttons(&buttons)
                .from_phone_number_id("1081")
        ),
        r#"{"phone_number":"+14155551234","template_name":"freezer_open","template_language":"en_US","from_phone_number_id":"1081","header_field_1":"Plant","button_0":"10","button_2":"12"}"#
    );
    let name = Some("plan.pdf");
    for (header, said) in [
        (
            TemplateHeader::Image(URL),
            r#""header_image_url":"https://plant.example/7""#,
        ),
        (
            TemplateHeader::Video(URL),
            r#""header_video_url":"https://plant.example/7""#,
        ),
        (
            TemplateHeader::Document { url: URL, name },
            r#""header_document_url":"https://plant.example/7","header_document_name":"plan.pdf""#,
        ),
    ] {
        assert_eq!(
            body(&message.header(header)),
            format!(
                r#"{{"phone_number":"+14155551234","template_name":"freezer_open","template_language":"en_US",{said}}}"#
            )
        );
    }
}

#[test]
fn media_have_a_url_and_what_their_kind_may_have() {
    let caption = Some("Hall 3".into());
    let filename = Some("plan.pdf");
    for (media, said) in [
        (
            Media::Image { url: URL, caption },
            r#""media_type":"image","media_url":"https://plant.example/7","caption":"Hall 3""#,
        ),
        (
            Media::Video { url: URL, caption },
            r#""media_type":"video","media_url":"https://plant.example/7","caption":"Hall 3""#,
        ),
        (
            Media::Document {
                url: URL,
                caption,
                filename,
            },
            r#""media_type":"document","media_url":"https://plant.example/7","caption":"Hall 3","filename":"plan.pdf""#,
        ),
        (
            Media::Audio { url: URL },
            r#""media_type":"audio","media_url":"https://plant.example/7""#,
        ),
    ] {
        let contact = Contact {
            firstname: Some("Ada"),
            ..Contact::default()
        };
        let message = MediaMessage::new(&TO, media).contact(&contact);
        assert_eq!(
            body(&message),
            format!(r#"{{"phone_number":"+14155551234",{said},"contact":{{"firstname":"Ada"}}}}"#)
        );
    }
}

#[test]
fn characters_are_counted_right_however_many_bytes_they_have() {
    for len in (1..=60).step_by(if cfg!(miri) { 13 } else { 1 }) {
        let header = "é".repeat(len);
        let message = UrlMessage::new(&TO, "x", "Open", URL).header(&*header);
        assert!(Request::<512>::new(&message).is_ok(), "{len}");
    }
}

#[test]
fn a_phone_query_is_the_text_itself() {
    let query = PhoneQuery::new("0").unwrap();
    let request = crate::PhoneRequest::new(&query).unwrap();
    assert_eq!(request.body(), br#"{"phone_number":"0"}"#);
}

#[test]
fn what_is_made_of_a_request_keeps_its_warning_and_requests_are_compared_by_their_bodies() {
    let long = "x".repeat(1025);
    let message = UrlMessage::new(&TO, &*long, "Open", URL);
    let request = Request::<2048>::new(&message).unwrap();
    let borrowed = crate::BorrowedRequest::from(&request);
    let warning = Warning::InteractiveBodyLength { characters: 1025 };
    assert_eq!(borrowed.warning(), Some(warning));
    let said = warning.to_string();
    assert!(
        said.starts_with("message_body has 1025 characters"),
        "{said}"
    );
    let text = |words| Request::<256>::new(&TextMessage::new(&TO, words)).unwrap();
    assert_eq!(text("Pump 7"), text("Pump 7"));
    assert_ne!(text("Pump 7"), text("Pump 8"));
}

#[test]
fn every_control_character_is_escaped() {
    for control in '\0'..' ' {
        let escaped = match control {
            '\u{8}' => r"\b".to_owned(),
            '\t' => r"\t".to_owned(),
            '\n' => r"\n".to_owned(),
            '\u{c}' => r"\f".to_owned(),
            '\r' => r"\r".to_owned(),
            _ => format!("\\u{:04x}", u32::from(control)),
        };
        // At its end a text is encoded by the byte, before it by the word.
        for (before, behind) in [("", ""), ("Pump ", " is hot and runs")] {
            let text = format!("x{before}{control}{behind}");
            let body = encoded(&TextMessage::new(&TO, &*text));
            let expected = format!(r#""message_body":"x{before}{escaped}{behind}""#);
            assert!(body.contains(&expected), "{control:?}: {body}");
        }
    }
}
