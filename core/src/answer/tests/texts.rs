//! What is kept and shown of a server's texts.

use super::*;

#[test]
fn a_text_that_does_not_fit_is_cut_between_two_characters_and_says_so() {
    let exact = "é".repeat(TEXT / 2);
    let Outcome::Rejected(whole) = send(422, &format!(r#"{{"message":"{exact}"}}"#)) else {
        panic!()
    };
    let message = whole.message().unwrap();
    assert_eq!(
        (message.as_str(), message.is_cut()),
        (exact.as_str(), false)
    );
    let Outcome::Rejected(cut) = send(422, &format!(r#"{{"message":"x{exact}"}}"#)) else {
        panic!()
    };
    let message = cut.message().unwrap();
    assert_eq!((message.as_str().len(), message.is_cut()), (TEXT - 1, true));
    assert!(message.to_string().ends_with("é…"));
}

#[test]
fn a_name_that_does_not_fit_says_so() {
    let name = "contact.custom_fields.preferred_language";
    for (name, is_cut) in [(&name[..KEY_MAX], false), (name, true)] {
        let body = format!(r#"{{"errors":{{"{name}":"bad"}}}}"#);
        let Outcome::Rejected(rejection) = send(422, &body) else {
            panic!("not rejected")
        };
        let error = rejection.errors.iter().next().unwrap();
        assert_eq!(error.field.as_str(), &name[..KEY_MAX]);
        assert_eq!(error.field.is_cut(), is_cut);
    }
    let Outcome::Rejected(rejection) = send(422, r#"{"errors":"bad"}"#) else {
        panic!("not rejected")
    };
    let error = rejection.errors.iter().next().unwrap();
    assert_eq!(error.field, Captured::default(), "no name is an empty one");
}

#[test]
fn the_words_beside_a_success_keep_their_cut() {
    let read = |message: &str| {
        let mut reader = AnswerReader::<Accepted, 8, 1>::new();
        reader.status(200);
        let data = r#""data":{"message_id":"w"}"#;
        reader.feed(format!(r#"{{"status":"success","message":"{message}",{data}}}"#).as_bytes());
        let Outcome::Accepted(accepted) = reader.finish(End::Complete) else {
            panic!("not accepted")
        };
        *accepted
    };
    for (message, kept, is_cut) in [
        ("Message sent successfully", "Message ", true),
        ("Message ", "Message ", false),
        ("ok", "ok", false),
    ] {
        let accepted = read(message);
        let words = accepted.message().unwrap();
        assert_eq!((words.as_str(), words.is_cut()), (kept, is_cut));
    }
}

#[test]
fn values_differ_by_what_was_answered_and_show_it() {
    let read = |error: &str| {
        let data = format!(r#"{{"delivery_status":"failed","error_message":"{error}"}}"#);
        read::<Delivery>(200, &format!(r#"{{"status":"success","data":{data}}}"#))
    };
    let long = "x".repeat(TEXT);
    let (told, untold) = (format!("{long} 24-hour"), format!("{long} nothing"));
    assert_eq!(read(&told), read(&told));
    assert_ne!(read(&told), read(&untold));
    let body =
        r#"{"status":"success","data":{"message_id":"x","contact_created":true,"chat_id":7}}"#;
    let shown = format!("{:?}", send(200, body));
    for part in ["contact_created: true", "chat_id: 7", "phone: null"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn what_is_shown_of_a_servers_text_stays_on_its_line() {
    let body = r#"{"message":"no\n[INFO] accepted\u001b[2J\u009b1m\u202e"}"#;
    let Outcome::Rejected(rejection) = send(422, body) else {
        panic!()
    };
    let shown = rejection.to_string();
    assert!(
        shown.contains(r"no\u{a}[INFO] accepted\u{1b}[2J\u{9b}1m\u{202e}"),
        "{shown}"
    );
    assert!(
        rejection.message().unwrap().as_str().contains('\n'),
        "kept as it came"
    );
}

#[test]
fn a_cut_id_is_still_accepted_but_cannot_be_asked_after() {
    let body = format!(
        r#"{{"status":"success","data":{{"message_id":"{}"}}}}"#,
        "w".repeat(129)
    );
    let Outcome::Accepted(accepted) = send(200, &body) else {
        panic!("not accepted")
    };
    assert!(accepted.message_id.is_cut());
    assert!(accepted.id().is_err());
}
