mod bodies;
mod rules;

use super::*;
use crate::limits::{BODY_MAX, BUTTON_TITLE_MAX, HEADER_MAX};
use crate::{E164, Request, RequestError, Streamed, Text, checked};

const TO: E164 = checked!(E164::new("+14155551234"));
const URL: &str = "https://plant.example/7";

/// Why a message is refused.
fn refusal(message: &impl Message) -> InvalidMessage {
    match Request::<16>::new(message) {
        Err(RequestError::Invalid(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

fn is_taken(message: &impl Message) -> bool {
    Streamed::new(message).is_ok()
}

fn button<'a>(id: &'a str, title: &'a str) -> ReplyButton<'a> {
    ReplyButton { id, title }
}

#[test]
fn a_body_must_say_something() {
    for body in ["", " ", " \n\t "] {
        let error = refusal(&TextMessage::new(&TO, body));
        assert_eq!(
            error,
            InvalidMessage::Empty {
                field: Field::MessageBody
            }
        );
        assert_eq!(error.to_string(), "message_body: must not be empty");
    }
    assert!(is_taken(&TextMessage::new(&TO, " . ")));
}

#[test]
#[cfg_attr(miri, ignore = "it would take Miri too long")]
fn lengths_are_counted_in_code_points() {
    for character in ["x", "é", "漢", "🔥", "\"", "\n"] {
        let most = character.repeat(BODY_MAX - 1) + "x";
        assert!(is_taken(&TextMessage::new(&TO, &*most)), "{character}");
        assert!(
            Request::<17_000>::new(&TextMessage::new(&TO, &*most)).is_ok(),
            "{character}"
        );
        let more = most + "x";
        let error = refusal(&TextMessage::new(&TO, &*more));
        let expected = InvalidMessage::TooLong {
            field: Field::MessageBody,
            limit: BODY_MAX,
            actual: BODY_MAX + 1,
        };
        assert_eq!(error, expected, "{character}");
    }
    // In parts, as a `Display` writes them.
    let error = refusal(&TextMessage::new(&TO, format_args!("{:4096}{}", "é", "🔥")));
    assert_eq!(
        error.to_string(),
        "message_body: 4097 characters, at most 4096 are allowed"
    );
}

#[test]
fn every_field_has_its_limit() {
    let long = "é".repeat(300);
    let header = &long[..2 * (HEADER_MAX + 1)];
    let title = &long[..2 * (BUTTON_TITLE_MAX + 1)];
    let buttons = [button("a", "A")];
    let message = ButtonMessage::new(&TO, "x", buttons);
    assert_eq!(refusal(&message.header(header)).field(), Field::Header);
    assert_eq!(refusal(&message.footer(header)).field(), Field::Footer);
    assert_eq!(refusal(&message.footer("")).field(), Field::Footer);
    let buttons = [button("a", "A"), button("b", title)];
    assert_eq!(
        refusal(&ButtonMessage::new(&TO, "x", buttons)).to_string(),
        "buttons.1.title: 21 characters, at most 20 are allowed"
    );
    let buttons = [button(&long[..2 * 257], "A")];
    assert_eq!(
        refusal(&ButtonMessage::new(&TO, "x", buttons)).field(),
        Field::ButtonId(0)
    );
    assert_eq!(
        refusal(&UrlMessage::new(&TO, "x", title, URL)).field(),
        Field::ButtonText
    );
    assert_eq!(
        refusal(&UrlMessage::new(&TO, "x", "", URL)).field(),
        Field::ButtonText
    );
    let caption = "é".repeat(1025);
    let picture = Media::Image {
        url: URL,
        caption: Some((&*caption).into()),
    };
    assert_eq!(
        refusal(&MediaMessage::new(&TO, picture)).field(),
        Field::Caption
    );
    let document = Media::Document {
        url: URL,
        caption: None,
        filename: Some(&long),
    };
    assert_eq!(
        refusal(&MediaMessage::new(&TO, document)).field(),
        Field::Filename
    );
}

#[test]
fn buttons_must_differ_and_be_filled() {
    let refused = |buttons: [ReplyButton<'_>; 3]| refusal(&ButtonMessage::new(&TO, "x", buttons));
    let fine = [button("a", "A"), button("b", "B"), button("c", "C")];
    assert!(is_taken(&ButtonMessage::new(&TO, "x", fine)));
    for (place, id, title, error) in [
        (
            1,
            "a",
            "B",
            InvalidMessage::Duplicate {
                field: Field::ButtonId(1),
            },
        ),
        (
            2,
            "a",
            "C",
            InvalidMessage::Duplicate {
                field: Field::ButtonId(2),
            },
        ),
        (
            2,
            "b",
            "C",
            InvalidMessage::Duplicate {
                field: Field::ButtonId(2),
            },
        ),
        (
            1,
            "b",
            "A",
            InvalidMessage::Duplicate {
                field: Field::ButtonTitle(1),
            },
        ),
        (
            2,
            "c",
            "B",
            InvalidMessage::Duplicate {
                field: Field::ButtonTitle(2),
            },
        ),
        // The API trims titles before it compares them.
        (
            2,
            "c",
            " B\u{a0}",
            InvalidMessage::Duplicate {
                field: Field::ButtonTitle(2),
            },
        ),
        (
            0,
            " a",
            "A",
            InvalidMessage::SpaceAtEdge {
                field: Field::ButtonId(0),
            },
        ),
        (
            1,
            "b\n",
            "B",
            InvalidMessage::SpaceAtEdge {
                field: Field::ButtonId(1),
            },
        ),
        (
            2,
            "",
            "C",
            InvalidMessage::Empty {
                field: Field::ButtonId(2),
            },
        ),
        (
            2,
            "c",
            "",
            InvalidMessage::Empty {
                field: Field::ButtonTitle(2),
            },
        ),
    ] {
        let mut buttons = fine;
        buttons[place] = button(id, title);
        assert_eq!(refused(buttons), error);
    }
}

#[test]
fn a_slice_of_buttons_has_one_to_three() {
    let four = [
        button("a", "A"),
        button("b", "B"),
        button("c", "C"),
        button("d", "D"),
    ];
    for count in 0..=4 {
        let buttons = ReplyButtons::try_from(&four[..count]);
        assert_eq!(buttons.is_ok(), (1..=3).contains(&count), "{count}");
    }
    let error = ReplyButtons::try_from(&four[..]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "buttons: 4 of them, a message has 1 to 3"
    );
}

#[test]
fn urls_are_checked_wherever_they_stand() {
    let bad = "plant.example";
    assert_eq!(
        refusal(&UrlMessage::new(&TO, "x", "Open", bad)).to_string(),
        "button_url: must be a URL such as https://example.com/path (http or https, no spaces): see position 0"
    );
    let template =
        |header| refusal(&TemplateMessage::new(&TO, "alert", "en").header(header)).field();
    assert_eq!(template(TemplateHeader::Image(bad)), Field::HeaderImageUrl);
    assert_eq!(template(TemplateHeader::Video(bad)), Field::HeaderVideoUrl);
    assert_eq!(
        template(TemplateHeader::Document {
            url: bad,
            name: None
        }),
        Field::HeaderDocumentUrl
    );
    for media in [
        Media::Image {
            url: bad,
            caption: None,
        },
        Media::Video {
            url: bad,
            caption: None,
        },
        Media::Document {
            url: bad,
            caption: None,
            filename: None,
        },
        Media::Audio { url: bad },
    ] {
        assert_eq!(
            refusal(&MediaMessage::new(&TO, media)).field(),
            Field::MediaUrl
        );
    }
}

#[test]
fn template_values_hold_metas_rules() {
    let refused = |value: &str| {
        let values = ["fine".into(), value.into()];
        Streamed::new(&TemplateMessage::new(&TO, "alert", "en_US").fields(&values)).err()
    };
    let error = Some(InvalidMessage::TemplateValue {
        field: Field::BodyField(2),
    });
    for value in ["a\nb", "a\tb", "a\rb", "     ", "a     b"] {
        assert!(refused(value).is_some(), "{value:?}");
    }
    assert_eq!(refused("a     b"), error);
    assert_eq!(
        refused("a    b    c"),
        None,
        "four spaces are fine, twice as well"
    );
    let gap = "  ";
    let message = TemplateMessage::new(&TO, "alert", "en_US");
    assert_eq!(
        Streamed::new(&TemplateMessage::new(&TO, "alert", "en_US").fields(&[Text::from("x")]))
            .err(),
        None
    );
    assert_eq!(
        refusal(&message.fields(&[format_args!("a {gap}{gap}b").into()])).field(),
        Field::BodyField(1),
        "spaces across two parts"
    );
    assert_eq!(
        refusal(&message.header(TemplateHeader::Field("a\nb".into()))).field(),
        Field::HeaderField
    );
    let buttons = [None, Some("a\tb".into())];
    assert_eq!(
        refusal(&message.buttons(&buttons)).field(),
        Field::ButtonValue(1)
    );
}

#[test]
fn a_template_has_its_limits() {
    let values = [Text::from("x"); 11];
    let message = TemplateMessage::new(&TO, "alert", "en_US");
    assert!(is_taken(&message.fields(&values[..10])));
    assert_eq!(
        refusal(&message.fields(&values)),
        InvalidMessage::TooMany {
            field: Field::BodyField(10),
            limit: 10,
            actual: 11
        }
    );
    let buttons = [Some(Text::from("x")); 11];
    assert!(is_taken(&message.buttons(&buttons[..10])));
    assert_eq!(
        refusal(&message.buttons(&buttons)).field(),
        Field::ButtonValue(9)
    );
    assert_eq!(
        refusal(&TemplateMessage::new(&TO, "", "en_US")).field(),
        Field::TemplateName
    );
    for language in ["e", "en_US_POSIX"] {
        assert_eq!(
            refusal(&TemplateMessage::new(&TO, "alert", language)).field(),
            Field::TemplateLanguage
        );
    }
}

#[test]
fn endpoints_that_count_the_plus_take_shorter_numbers() {
    let longest = E164::new("+123456789012345").unwrap();
    let shortest = E164::new("+12345678").unwrap();
    let audio = Media::Audio { url: URL };
    assert!(
        is_taken(&TextMessage::new(&longest, "x")) && is_taken(&TextMessage::new(&shortest, "x"))
    );
    assert_eq!(
        refusal(&TemplateMessage::new(&longest, "alert", "en")).field(),
        Field::PhoneNumber
    );
    assert!(is_taken(&TemplateMessage::new(&shortest, "alert", "en")));
    assert_eq!(
        refusal(&MediaMessage::new(&longest, audio)),
        InvalidMessage::TooLong {
            field: Field::PhoneNumber,
            limit: 15,
            actual: 16
        }
    );
    assert_eq!(
        refusal(&MediaMessage::new(&shortest, audio)),
        InvalidMessage::TooShort {
            field: Field::PhoneNumber,
            limit: 10,
            actual: 9
        }
    );
}

#[test]
fn what_meta_refuses_beyond_the_documentation_is_a_warning() {
    let body = "é".repeat(1025);
    let warning = |message: &UrlMessage<'_>| Streamed::new(message).unwrap().warning();
    assert_eq!(
        warning(&UrlMessage::new(&TO, &*body, "Open", URL)),
        Some(Warning::InteractiveBodyLength { characters: 1025 })
    );
    assert_eq!(
        warning(&UrlMessage::new(&TO, &body[2..], "Open", URL)),
        None
    );
    let buttons = ButtonMessage::new(&TO, &*body, [button("a", "A")]);
    assert!(Request::<4096>::new(&buttons).unwrap().warning().is_some());
    assert_eq!(
        Request::<4096>::new(&TextMessage::new(&TO, &*body))
            .unwrap()
            .warning(),
        None
    );
}

#[test]
fn a_display_that_fails_is_an_error() {
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    let error = refusal(&TextMessage::new(&TO, format_args!("{Broken}")));
    assert_eq!(
        error,
        InvalidMessage::Unformattable {
            field: Field::MessageBody
        }
    );
}

#[test]
fn an_empty_contact_is_left_out() {
    let contact = Contact::default();
    let message = TextMessage::new(&TO, "x");
    let without = Request::<256>::new(&message).unwrap();
    assert_eq!(
        Request::<256>::new(&message.contact(&contact))
            .unwrap()
            .body(),
        without.body()
    );
}

#[test]
fn phone_queries_take_any_short_text() {
    assert!(PhoneQuery::new("").is_err());
    assert!(PhoneQuery::new(&"9".repeat(33)).is_err());
    let longest = "\u{1}".repeat(32);
    let request = crate::PhoneRequest::new(&PhoneQuery::new(&longest).unwrap()).unwrap();
    assert_eq!(
        request.body().len(),
        PhoneQuery::BODY_MAX,
        "the largest just fits"
    );
}
