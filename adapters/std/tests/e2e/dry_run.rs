//! From flags to bytes: `--dry-run` prints what a device would send.

use xobito_std::core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, PhoneQuery, ReplyButton, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_std::core::{E164, PhoneRequest, Request};

use crate::ADA;
use crate::xobito::Xobito;

/// Room for any message.
type Any = Request<{ 26 * 1024 }>;

fn dry_run(arguments: &[&str]) -> String {
    let ended = Xobito::alone().run(&[arguments, &["--dry-run"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    ended.out
}

fn body(request: &Any) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

#[test]
fn a_dry_run_prints_the_exact_bytes_and_needs_no_account() {
    let to = E164::new(ADA).unwrap();
    let text = dry_run(&["send", "text", "--to", ADA, "--body", "-3 °C \"now\"\n"]);
    let request = Any::new(&TextMessage::new(&to, "-3 °C \"now\"\n")).unwrap();
    assert_eq!(text, body(&request));

    let buttons = dry_run(&[
        "send",
        "buttons",
        "--to",
        ADA,
        "--body",
        "Pump",
        "--header",
        "--H",
        "--footer",
        "-F",
        "--button",
        "a=1=One",
        "--button=-b=--two",
    ]);
    let pair = [
        ReplyButton {
            id: "a",
            title: "1=One",
        },
        ReplyButton {
            id: "-b",
            title: "--two",
        },
    ];
    let message = ButtonMessage::new(&to, "Pump", pair)
        .header("--H")
        .footer("-F");
    assert_eq!(buttons, body(&Any::new(&message).unwrap()));

    let cta = dry_run(&[
        "send",
        "cta",
        "--to",
        ADA,
        "--body",
        "Pump",
        "--button-text",
        "Open",
        "--button-url",
        "https://plant.example/7?a=b",
        "--footer",
        "North",
    ]);
    let message =
        UrlMessage::new(&to, "Pump", "Open", "https://plant.example/7?a=b").footer("North");
    assert_eq!(cta, body(&Any::new(&message).unwrap()));

    let media = dry_run(&[
        "send",
        "media",
        "--to",
        ADA,
        "--type",
        "document",
        "--url",
        "https://plant.example/7.pdf",
        "--caption",
        "Pump",
        "--filename",
        "7.pdf",
    ]);
    let document = Media::Document {
        url: "https://plant.example/7.pdf",
        caption: Some("Pump".into()),
        filename: Some("7.pdf"),
    };
    assert_eq!(
        media,
        body(&Any::new(&MediaMessage::new(&to, document)).unwrap())
    );

    let query = dry_run(&["validate", "0041 79"]);
    let request = PhoneRequest::new(&PhoneQuery::new("0041 79").unwrap()).unwrap();
    assert_eq!(query.as_bytes(), request.body());
    assert_eq!(dry_run(&["status", "wamid.x"]), "");
}

#[test]
fn every_part_of_a_template_has_its_flag() {
    let to = E164::new(ADA).unwrap();
    let template = |flags: &[&str]| {
        let start = [
            "send",
            "template",
            "--to",
            ADA,
            "--name",
            "alert",
            "--language",
            "en_US",
        ];
        dry_run(&[&start[..], flags].concat())
    };
    let fields = ["-3".into(), "b".into()];
    let buttons = [None, None, Some("x=y".into())];
    let last = [
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        Some("i".into()),
        Some("j".into()),
    ];
    let base = TemplateMessage::new(&to, "alert", "en_US");
    for (flags, message) in [
        (&[][..], base),
        (&["--field", "-3", "--field", "b"], base.fields(&fields)),
        (&["--template-button", "2=x=y"], base.buttons(&buttons)),
        (
            &["--template-button", "9=j", "--template-button", "8=i"],
            base.buttons(&last),
        ),
        (
            &["--from-phone-number-id", "7"],
            base.from_phone_number_id("7"),
        ),
        (
            &["--header-text", "H"],
            base.header(TemplateHeader::Field("H".into())),
        ),
        (
            &["--header-image", "https://a.example/i"],
            base.header(TemplateHeader::Image("https://a.example/i")),
        ),
        (
            &["--header-video", "https://a.example/v"],
            base.header(TemplateHeader::Video("https://a.example/v")),
        ),
        (
            &[
                "--header-document",
                "https://a.example/d",
                "--header-document-name",
                "d.pdf",
            ],
            base.header(TemplateHeader::Document {
                url: "https://a.example/d",
                name: Some("d.pdf"),
            }),
        ),
    ] {
        assert_eq!(
            template(flags),
            body(&Any::new(&message).unwrap()),
            "{flags:?}"
        );
    }
}

#[test]
fn a_contact_has_its_flags_and_a_group_is_an_id_only_where_that_is_said() {
    let to = E164::new(ADA).unwrap();
    let with =
        |flags: &[&str]| dry_run(&[&["send", "text", "--to", ADA, "--body", "x"], flags].concat());
    let all = Contact {
        firstname: Some("Ada"),
        lastname: Some("L"),
        email: Some("ada@example.com"),
        country: Some("CH"),
        assigned_id: Some(7),
        groups: Some(Groups::Names(&["12", "on-call"])),
    };
    let ids = Contact {
        groups: Some(Groups::Ids(&[12, 13])),
        ..Contact::default()
    };
    for (flags, contact) in [
        (
            &[
                "--contact-firstname",
                "Ada",
                "--contact-lastname",
                "L",
                "--contact-email",
                "ada@example.com",
                "--contact-country",
                "CH",
                "--contact-assigned-id",
                "7",
                "--contact-group",
                "12",
                "--contact-group",
                "on-call",
            ][..],
            &all,
        ),
        (
            &["--contact-group-id", "12", "--contact-group-id", "13"],
            &ids,
        ),
        (&[], &Contact::default()),
    ] {
        let request = Any::new(&TextMessage::new(&to, "x").contact(contact)).unwrap();
        assert_eq!(with(flags), body(&request));
    }
}

#[test]
fn a_body_on_standard_input_loses_one_newline_and_nothing_else() {
    let to = E164::new(ADA).unwrap();
    let long = "🧊".repeat(4096);
    for (input, text) in [
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        ("  a \t", "  a \t"),
        ("-", "-"),
        ("\n a", "\n a"),
        (&long, &long),
    ] {
        let ended = Xobito::alone().stdin(input).run(&[
            "send",
            "text",
            "--to",
            ADA,
            "--body",
            "-",
            "--dry-run",
        ]);
        let request = Any::new(&TextMessage::new(&to, text)).unwrap();
        assert_eq!(ended.out, body(&request));
    }
    let binary = Xobito::alone().stdin(b"caf\xe9".to_vec());
    let ended = binary.run(&["send", "text", "--to", ADA, "--body", "-", "--dry-run"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("--body") && ended.err.contains("UTF-8"),
        "{}",
        ended.err
    );
}

#[test]
fn what_meta_refuses_is_a_warning_and_no_error() {
    let long = "x".repeat(1025);
    let ended = Xobito::alone().run(&[
        "send",
        "buttons",
        "--to",
        ADA,
        "--body",
        &long,
        "--button",
        "a=b",
        "--dry-run",
    ]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.err.contains("1025") && ended.err.contains("1024"),
        "{}",
        ended.err
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_an_error_unless_something_was_done() {
    let send = ["send", "text", "--to", ADA, "--body", "x"];
    let dry = [&send[..], &["--dry-run"]].concat();
    for arguments in [&dry[..], &["completions", "bash"]] {
        let ended = Xobito::alone().run_into("/dev/full", arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(ended.err.contains("standard output"), "{}", ended.err);
    }
    // It was accepted, and nobody should send it again.
    let sandbox = crate::sandbox();
    let ended = Xobito::for_sandbox(&sandbox).run_into("/dev/full", &send);
    assert_eq!(ended.code, 0, "{}", ended.err);
}
