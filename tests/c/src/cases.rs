//! Messages and answers that both sides are held against: each is written down once, and becomes core's type and C's
//! source.

use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::{E164, Message, PhoneQuery, PhoneRequest, RequestError, Text, Warning, encode};

/// A message, in nobody's types.
#[derive(Clone, Debug)]
pub enum Described {
    /// A text.
    Text {
        /// Recipient.
        to: String,
        /// Text.
        body: String,
        /// With contact.
        contact: Option<Person>,
    },
    /// A text with reply buttons.
    Buttons {
        /// Recipient.
        to: String,
        /// Text.
        body: String,
        /// Ids and titles.
        buttons: Vec<(String, String)>,
        /// Header.
        header: Option<String>,
        /// Footer.
        footer: Option<String>,
        /// With contact.
        contact: Option<Person>,
    },
    /// A text with a URL button.
    Url {
        /// Recipient.
        to: String,
        /// Text.
        body: String,
        /// Label.
        label: String,
        /// URL.
        url: String,
        /// Header.
        header: Option<String>,
        /// Footer.
        footer: Option<String>,
        /// With contact.
        contact: Option<Person>,
    },
    /// A template.
    Template {
        /// Recipient.
        to: String,
        /// Name.
        name: String,
        /// Language.
        language: String,
        /// Sender's number.
        from: Option<String>,
        /// Number of the kind of header, value, document's name.
        header: (i32, Option<String>, Option<String>),
        /// Body values.
        fields: Vec<String>,
        /// Button values.
        buttons: Vec<Option<String>>,
    },
    /// A file.
    Media {
        /// Recipient.
        to: String,
        /// Number of the kind of file.
        kind: i32,
        /// URL.
        url: String,
        /// Caption.
        caption: Option<String>,
        /// File name.
        filename: Option<String>,
        /// With contact.
        contact: Option<Person>,
    },
    /// A question about a number.
    Query {
        /// The number.
        number: String,
    },
}

/// A contact.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// First name.
    pub firstname: Option<String>,
    /// Last name.
    pub lastname: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Staff, 0 for none.
    pub assigned_id: u64,
    /// Groups by name.
    pub names: Vec<String>,
    /// Groups by id.
    pub ids: Vec<u64>,
}

/// What the core makes of it: the body and its characters where Meta refuses so many, or the error.
///
/// # Errors
/// The core's.
///
/// # Panics
/// Where a case is none that the core's types can hold.
#[allow(clippy::too_many_lines)] // An arm for each kind.
pub fn by_core(described: &Described) -> Result<(Vec<u8>, usize), RequestError> {
    match described {
        Described::Text { to, body, contact } => with_person(contact.as_ref(), |contact| {
            let to = number(to);
            let mut message = TextMessage::new(&to, body.as_str());
            if let Some(contact) = contact {
                message = message.contact(contact);
            }
            encoded(&message)
        }),
        Described::Buttons {
            to,
            body,
            buttons,
            header,
            footer,
            contact,
        } => with_person(contact.as_ref(), |contact| {
            let to = number(to);
            let buttons: Vec<ReplyButton> = buttons
                .iter()
                .map(|(id, title)| ReplyButton { id, title })
                .collect();
            let buttons = ReplyButtons::try_from(&buttons[..]).unwrap();
            let mut message = ButtonMessage::new(&to, body.as_str(), buttons);
            if let Some(header) = header {
                message = message.header(header.as_str());
            }
            if let Some(footer) = footer {
                message = message.footer(footer.as_str());
            }
            if let Some(contact) = contact {
                message = message.contact(contact);
            }
            encoded(&message)
        }),
        Described::Url {
            to,
            body,
            label,
            url,
            header,
            footer,
            contact,
        } => with_person(contact.as_ref(), |contact| {
            let to = number(to);
            let mut message = UrlMessage::new(&to, body.as_str(), label, url);
            if let Some(header) = header {
                message = message.header(header.as_str());
            }
            if let Some(footer) = footer {
                message = message.footer(footer.as_str());
            }
            if let Some(contact) = contact {
                message = message.contact(contact);
            }
            encoded(&message)
        }),
        Described::Template {
            to,
            name,
            language,
            from,
            header: (kind, header, document),
            fields,
            buttons,
        } => {
            let to = number(to);
            let fields: Vec<Text> = fields.iter().map(|value| value.as_str().into()).collect();
            let buttons: Vec<Option<Text>> = buttons
                .iter()
                .map(|value| value.as_deref().map(Text::from))
                .collect();
            let mut message = TemplateMessage::new(&to, name, language)
                .fields(&fields)
                .buttons(&buttons);
            let header = header.as_deref().unwrap_or_default();
            if let Some(header) = match kind {
                0 => None,
                1 => Some(TemplateHeader::Field(header.into())),
                2 => Some(TemplateHeader::Image(header)),
                3 => Some(TemplateHeader::Video(header)),
                _ => Some(TemplateHeader::Document {
                    url: header,
                    name: document.as_deref(),
                }),
            } {
                message = message.header(header);
            }
            if let Some(from) = from {
                message = message.from_phone_number_id(from);
            }
            encoded(&message)
        }
        Described::Media {
            to,
            kind,
            url,
            caption,
            filename,
            contact,
        } => with_person(contact.as_ref(), |contact| {
            let to = number(to);
            let caption = caption.as_deref().map(Text::from);
            let media = match kind {
                1 => Media::Image { url, caption },
                2 => Media::Video { url, caption },
                3 => Media::Document {
                    url,
                    caption,
                    filename: filename.as_deref(),
                },
                _ => Media::Audio { url },
            };
            let mut message = MediaMessage::new(&to, media);
            if let Some(contact) = contact {
                message = message.contact(contact);
            }
            encoded(&message)
        }),
        Described::Query { number } => {
            let request = PhoneRequest::new(&PhoneQuery::new(number)?)?;
            Ok((request.body().to_vec(), 0))
        }
    }
}

fn number(text: &str) -> E164 {
    E164::new(text).unwrap()
}

fn encoded(message: &impl Message) -> Result<(Vec<u8>, usize), RequestError> {
    let mut buffer = vec![0; 64 << 10];
    let request = encode(message, &mut buffer)?;
    let characters = match request.warning() {
        Some(Warning::InteractiveBodyLength { characters }) => characters,
        _ => 0,
    };
    Ok((request.body().to_vec(), characters))
}

fn with_person<R>(person: Option<&Person>, then: impl FnOnce(Option<&Contact<'_>>) -> R) -> R {
    let Some(person) = person else {
        return then(None);
    };
    let names: Vec<&str> = person.names.iter().map(String::as_str).collect();
    then(Some(&Contact {
        firstname: person.firstname.as_deref(),
        lastname: person.lastname.as_deref(),
        email: person.email.as_deref(),
        country: person.country.as_deref(),
        assigned_id: (person.assigned_id != 0).then_some(person.assigned_id),
        groups: match (&names[..], &person.ids[..]) {
            ([], []) => None,
            ([], ids) => Some(Groups::Ids(ids)),
            (names, _) => Some(Groups::Names(names)),
        },
    }))
}

/// The messages.
#[must_use]
#[allow(clippy::too_many_lines)] // A list.
pub fn messages() -> Vec<Described> {
    const TO: &str = "+14155551234";
    let text = |to: &str, body: &str, contact| Described::Text {
        to: to.to_owned(),
        body: body.to_owned(),
        contact,
    };
    let buttons = |body: &str,
                   buttons: &[(&str, &str)],
                   header: Option<&str>,
                   footer: Option<&str>,
                   contact| {
        Described::Buttons {
            to: TO.to_owned(),
            body: body.to_owned(),
            buttons: buttons
                .iter()
                .map(|(id, title)| ((*id).to_owned(), (*title).to_owned()))
                .collect(),
            header: header.map(str::to_owned),
            footer: footer.map(str::to_owned),
            contact,
        }
    };
    let url = |label: &str, url: &str, header: Option<&str>| Described::Url {
        to: TO.to_owned(),
        body: "Pump 7 stopped".to_owned(),
        label: label.to_owned(),
        url: url.to_owned(),
        header: header.map(str::to_owned),
        footer: header.map(str::to_owned),
        contact: header.map(|_| person(1)),
    };
    let template = |to: &str,
                    header: (i32, Option<&str>, Option<&str>),
                    fields: &[&str],
                    buttons: &[Option<&str>]| {
        Described::Template {
            to: to.to_owned(),
            name: "alert".to_owned(),
            language: "en_US".to_owned(),
            from: (header.0 == 1).then(|| "1066".to_owned()),
            header: (
                header.0,
                header.1.map(str::to_owned),
                header.2.map(str::to_owned),
            ),
            fields: fields.iter().map(|value| (*value).to_owned()).collect(),
            buttons: buttons
                .iter()
                .map(|value| value.map(str::to_owned))
                .collect(),
        }
    };
    let media = |to: &str, kind, url: &str, caption: Option<&str>, filename: Option<&str>| {
        Described::Media {
            to: to.to_owned(),
            kind,
            url: url.to_owned(),
            caption: caption.map(str::to_owned),
            filename: filename.map(str::to_owned),
            contact: (kind == 1).then(|| person(2)),
        }
    };
    let query = |number: &str| Described::Query {
        number: number.to_owned(),
    };
    let long = "long ".repeat(300);
    let ten = ["v"; 10];
    vec![
        text(TO, "Freezer 3 is open", None),
        text(
            "+12345678",
            "\"quotes\" \\ / \u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f} °C 🧊",
            None,
        ),
        text("+123456789012345", &"x".repeat(4096), Some(person(0))),
        text(TO, &"🧊".repeat(4096), Some(person(1))),
        text(TO, "with groups", Some(person(2))),
        text(TO, &"x".repeat(4097), None),
        text(TO, "", None),
        text(TO, " \t\n", None),
        buttons("Pump 7", &[("a", "A")], None, None, None),
        buttons(
            "Pump 7",
            &[("ack-7", "On my way"), ("no", "Cännot")],
            Some("Plant"),
            Some("north"),
            Some(person(1)),
        ),
        buttons(
            &long,
            &[("a", "A"), ("b", "B"), ("c", "C")],
            None,
            Some("f"),
            None,
        ),
        buttons("Pump 7", &[("a", "A"), ("a", "B")], None, None, None),
        buttons(
            "Pump 7",
            &[("a", "A"), ("b", "B"), ("c", " A ")],
            None,
            None,
            None,
        ),
        buttons("Pump 7", &[("a ", "A")], None, None, None),
        buttons("Pump 7", &[("", "A")], None, None, None),
        buttons(
            "Pump 7",
            &[("a", "A"), ("b", &"B".repeat(21))],
            None,
            None,
            None,
        ),
        buttons("Pump 7", &[(&"i".repeat(257), "A")], None, None, None),
        buttons("Pump 7", &[("a", "A")], Some(&"h".repeat(61)), None, None),
        buttons("Pump 7", &[("a", "A")], None, Some(""), None),
        url("Open", "https://plant.example/pumps/7?x=\"", None),
        url("Open", "https://plant.example/pumps/7?x=1&y=ü", None),
        url("Open", "http://[2001:db8::1]:8443/", Some("Plant")),
        url("Open it at once, please", "https://plant.example", None),
        url("Open", "ftp://plant.example", None),
        template(TO, (0, None, None), &[], &[]),
        template(
            TO,
            (1, Some("Freezer"), None),
            &["3", "-3 °C"],
            &[None, Some("x")],
        ),
        template(
            TO,
            (2, Some("https://plant.example/a.jpg"), None),
            &ten,
            &[Some("b"); 10],
        ),
        template(TO, (3, Some("https://plant.example/a.mp4"), None), &[], &[]),
        template(
            TO,
            (4, Some("https://plant.example/a.pdf"), Some("a \"b\".pdf")),
            &["1"],
            &[],
        ),
        template(
            TO,
            (4, Some("https://plant.example/a.pdf"), None),
            &["1"],
            &[],
        ),
        template(TO, (4, Some("no URL"), None), &["1"], &[]),
        template(TO, (1, None, None), &["1"], &[]),
        template(TO, (0, None, None), &["1", "two\nlines"], &[]),
        template(TO, (0, None, None), &["1", ""], &[]),
        template(TO, (0, None, None), &[], &[None, None, Some("a     b")]),
        template("+123456789012345", (0, None, None), &[], &[]),
        media(
            TO,
            1,
            "https://plant.example/cam/7.jpg",
            Some("Pump 7"),
            None,
        ),
        media(TO, 2, "https://plant.example/cam/7.mp4", None, None),
        media(
            TO,
            3,
            "https://plant.example/7.pdf",
            Some("Report"),
            Some("seven.pdf"),
        ),
        media(TO, 4, "https://plant.example/7.ogg", None, None),
        media(
            TO,
            3,
            "https://plant.example/7.pdf",
            None,
            Some(&"f".repeat(256)),
        ),
        media(
            TO,
            1,
            "https://plant.example/7.jpg",
            Some(&"c".repeat(1025)),
            None,
        ),
        media(TO, 1, "https://", None, None),
        media("+12345678", 1, "https://plant.example/7.jpg", None, None),
        query("0041 79 \"555\""),
        query(&"\u{1}".repeat(32)),
        query(""),
        query(&"1".repeat(33)),
    ]
}

fn person(which: u8) -> Person {
    let text = |text: &str| Some(text.to_owned());
    match which {
        0 => Person::default(),
        1 => Person {
            firstname: text("Ada"),
            lastname: text("Lovelace \"A\""),
            email: text("ada@plant.example"),
            country: text("GB"),
            assigned_id: u64::MAX,
            names: vec!["on-call".to_owned(), "größe".to_owned()],
            ids: Vec::new(),
        },
        _ => Person {
            firstname: text(""),
            ids: vec![7, 1 << 40],
            ..Person::default()
        },
    }
}
