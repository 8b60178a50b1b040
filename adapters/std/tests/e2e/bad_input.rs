//! Bad input: refused before anything is sent, with the field, the limit and what to do.

use xobito_sandbox::DEFAULT_TOKEN;

use crate::xobito::{Xobito, file};
use crate::{ADA, gone_out, sandbox};

/// Runs the command and looks for these parts in what it says.
fn refused(arguments: &[&str], parts: &[&str]) {
    let ended = Xobito::alone().run(&[arguments, &["--dry-run", "--json"]].concat());
    assert_eq!((ended.code, &*ended.out), (2, ""), "{arguments:?}");
    for part in parts {
        assert!(ended.err.contains(part), "no {part:?} in {}", ended.err);
    }
}

#[test]
fn a_wrong_number_or_body_is_refused() {
    let text = ["send", "text", "--to", ADA, "--body"];
    let long = "x".repeat(4097);
    let wrong = ["send", "text", "--body", "x", "--to"];
    refused(
        &[&wrong[..], &["0041 79 555"]].concat(),
        &["--to", "as in +14155551234"],
    );
    refused(
        &[&wrong[..], &["-12"]].concat(),
        &["--to", "starts with `+`"],
    );
    refused(
        &[&wrong[..], &["+123"]].concat(),
        &["--to", "8 to 15 digits, not 3"],
    );
    refused(
        &[&text[..], &[""]].concat(),
        &["--body", "message_body", "must not be empty", "next:"],
    );
    refused(
        &[&text[..], &[" \n"]].concat(),
        &["--body", "must not be empty"],
    );
    refused(
        &[&text[..], &[&long]].concat(),
        &["--body", "4097", "4096", "shorten --body by 1 "],
    );
}

#[test]
fn wrong_buttons_are_refused() {
    let with = |buttons: &[&str], parts: &[&str]| {
        let start = ["send", "buttons", "--to", ADA, "--body", "x"];
        let buttons: Vec<_> = buttons
            .iter()
            .flat_map(|button| ["--button", *button])
            .collect();
        refused(&[&start[..], &buttons].concat(), parts);
    };
    with(
        &["a=One", "a=Two"],
        &["--button", "buttons.1.id", "of its own"],
    );
    with(&["a=One", "b=One"], &["buttons.1.title", "of its own"]);
    with(&["a"], &["--button ID=TITLE"]);
    with(&["=One"], &["buttons.0.id", "must not be empty"]);
    with(&["a="], &["buttons.0.title", "must not be empty"]);
    with(&[" a=b"], &["buttons.0.id", "remove the space"]);
    with(
        &["a=One title that is too long"],
        &["buttons.0.title", "26", "20", "shorten"],
    );
    with(&["a=b", "c=d", "e=f", "g=h"], &["4 of them", "1 to 3"]);
    with(&[], &["--button"]);
    let cta = [
        "send",
        "cta",
        "--to",
        ADA,
        "--body",
        "x",
        "--button-text",
        "Open",
        "--button-url",
    ];
    for url in [
        "plant.example",
        "ftp://plant.example",
        "https://",
        "https://a b.example",
    ] {
        refused(
            &[&cta[..], &[url]].concat(),
            &["--button-url", "https://example.com/path", "next:"],
        );
    }
}

#[test]
fn wrong_values_of_media_templates_and_other_flags_are_refused() {
    let media = ["send", "media", "--to", ADA, "--url", "https://a.example/x"];
    let template = [
        "send",
        "template",
        "--to",
        ADA,
        "--name",
        "alert",
        "--language",
        "en_US",
    ];
    let audio = ["--type", "audio", "--caption", "x"];
    refused(
        &[&media[..], &audio].concat(),
        &["--caption", "next: leave --caption out"],
    );
    let image = ["--type", "image", "--filename", "x"];
    refused(
        &[&media[..], &image].concat(),
        &["--filename", "--type document"],
    );
    refused(
        &[&template[..], &["--field", "a\nb"]].concat(),
        &["--field", "field_1", "one line"],
    );
    refused(
        &[&template[..], &["--template-button", "10=x"]].concat(),
        &["--template-button", "0 to 9"],
    );
    let twice = ["--template-button", "1=x", "--template-button", "1=y"];
    refused(
        &[&template[..], &twice].concat(),
        &["button 1", "one value"],
    );
    let headers = [
        "--header-text",
        "x",
        "--header-image",
        "https://a.example/x",
    ];
    refused(
        &[&template[..], &headers].concat(),
        &["--header-text", "--header-image"],
    );
    refused(
        &["--timeout", "-1", "validate", "1"],
        &["--timeout", "seconds above 0"],
    );
    refused(&["validate", ""], &["NUMBER", "next:"]);
    refused(&["status", ".."], &["ID", "is not `.` or `..`"]);
    refused(&["explain", "--status", "99"], &["--status", "100..=599"]);
}

#[test]
fn a_bad_account_is_refused_before_anything_is_sent() {
    let sandbox = sandbox();
    let send = ["send", "text", "--to", ADA, "--body", "x"];
    let two_lines = file("token-two-lines", "apitk_one\napitk_two\n");
    for (variable, value, flags, parts) in [
        (
            "XOBITO_TOKEN",
            "secret\ntoken",
            &[][..],
            &["token", "without spaces or line ends", "XOBITO_TOKEN"][..],
        ),
        ("XOBITO_TOKEN", "secret\n", &[], &["token", "line ends"]),
        ("XOBITO_TOKEN", "", &[], &["token"]),
        (
            "XOBITO_HOST",
            "https://a.example/",
            &[],
            &["--host", "without https://"],
        ),
        ("XOBITO_SUBDOMAIN", "a/b", &[], &["--subdomain", "letters"]),
        (
            "XOBITO_SUBDOMAIN",
            "",
            &[],
            &["--subdomain", "XOBITO_SUBDOMAIN"],
        ),
        (
            "IGNORED",
            "",
            &["--ca-file", "/no/such/file"],
            &["CA file /no/such/file", "next:"],
        ),
        (
            "IGNORED",
            "",
            &["--token-file", "/no/such/file"],
            &["--token-file: /no/such/file", "next:"],
        ),
        (
            "IGNORED",
            "",
            &["--token-file", &two_lines],
            &["token", "line ends"],
        ),
    ] {
        let command = Xobito::for_sandbox(&sandbox).env(variable, value);
        let ended = command.run(&[&send[..], flags].concat());
        assert_eq!((ended.code, &*ended.out), (2, ""), "{variable} {flags:?}");
        for part in parts {
            assert!(ended.err.contains(part), "no {part:?} in {}", ended.err);
        }
        assert!(!ended.err.contains("secret"), "{}", ended.err);
    }
    assert_eq!(sandbox.messages().len(), 0);
}

/// One that counted as not set would send the token to the default host.
#[cfg(unix)]
#[test]
fn a_variable_that_is_no_utf_8_is_refused_and_not_repeated() {
    use std::os::unix::ffi::OsStrExt;

    let sandbox = sandbox();
    let send = ["send", "text", "--to", ADA, "--body", "x"];
    let value = std::ffi::OsStr::from_bytes(b"own-secret\xff");
    for variable in ["XOBITO_HOST", "XOBITO_SUBDOMAIN", "XOBITO_TOKEN"] {
        let command = Xobito::for_sandbox(&sandbox).env(variable, value);
        let ended = command.run(&[&send[..], &["--timeout", "0.5"]].concat());
        assert_eq!((ended.code, &*ended.out), (2, ""), "{}", ended.err);
        assert!(ended.err.contains(variable), "{}", ended.err);
        assert!(!ended.err.contains("own-secret"), "{}", ended.err);
    }
    // The flag is asked first.
    let host = crate::host(&sandbox);
    let command = Xobito::for_sandbox(&sandbox).env("XOBITO_HOST", value);
    let ended = command.run(&[&send[..], &["--host", &host]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let sandbox = sandbox();
    let send = ["send", "text", "--to", ADA, "--body", "x"];
    let with_value = format!("--token={DEFAULT_TOKEN}");
    for flags in [
        &["--token", DEFAULT_TOKEN][..],
        &[&with_value],
        &["--token"],
    ] {
        for arguments in [[&send[..], flags].concat(), [flags, &send].concat()] {
            // That the output does not hold the token is checked at every run.
            let ended = Xobito::for_sandbox(&sandbox).run(&arguments);
            assert_eq!(ended.code, 2, "{arguments:?}");
            if arguments.last() != send.last() || flags.len() > 1 || flags == [&with_value] {
                assert!(ended.err.contains("--token-file"), "{}", ended.err);
            }
        }
    }
    assert_eq!(gone_out(&sandbox), 0);
}
